"""The small forms of what is tried."""

from typing import Any

from django import forms

from configurator.console.forms import say_what_to_do
from mailsettings.forms.fields import DiscreetField
from mailsettings.models import IncomingServer
from queues.forms.address import ServerChoiceField, ServerSelect
from queues.models import QueueAddress
from queues.validators import canonical_address, full_address

ONE_OF_ITS_OWN = (
    "With OAuth User a mailbox opens for its own account alone: choose one of this server's addresses, "
    "or leave it empty."
)


CHOOSE_SERVER = "Choose the OAuth Service server that the address would be read through."


class ServerForm(forms.Form):
    """The OAuth Service server that an address is tried on."""

    server = ServerChoiceField(
        label="Under which server",
        queryset=IncomingServer.objects.none(),
        widget=ServerSelect(attrs={"data-picker": "true", "form": "dry-run-form"}),
        empty_label="Choose a server",
        help_text="An OAuth Service server; one of the address's own tenant is what would work.",
        error_messages={"required": CHOOSE_SERVER, "invalid_choice": CHOOSE_SERVER},
    )

    def __init__(self, servers: Any, data: Any = None, **kwargs: Any) -> None:
        """Offer these servers."""
        super().__init__(data, **kwargs)
        self.fields["server"].queryset = servers  # type: ignore[attr-defined]  # a ModelChoiceField


class MailboxForm(forms.Form):
    """The mailbox that a server is tried with."""

    mailbox = DiscreetField(
        label="Mailbox to try",
        kind="mailbox",
        required=False,
        max_length=320,
        validators=[full_address],
        attrs={"form": "record-form", "list": "mailboxes", "autocomplete": "off"},
        help_text="Optional, for Check before save alone: a server has no mailbox, so name one to have it opened too. "
        "Nothing in it is read or changed.",
    )

    def __init__(self, server: IncomingServer, data: Any = None) -> None:
        """Offer the addresses that are read through the server."""
        super().__init__(data)
        self.server = server
        say_what_to_do(self.fields["mailbox"])
        self.offered: list[str] = (
            [] if server._state.adding else list(server.addresses.values_list("address", flat=True)[:100])
        )

    def clean_mailbox(self) -> str:
        """Refuse for OAuth User what is no address of this server."""
        mailbox: str = self.cleaned_data["mailbox"]
        if not mailbox or self.server.is_service:
            return mailbox
        known = QueueAddress.objects.filter(server=self.server.pk, address_key=canonical_address(mailbox))
        if not known.exists():
            raise forms.ValidationError(ONE_OF_ITS_OWN, code="not_its_own")
        return mailbox
