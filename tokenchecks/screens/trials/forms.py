"""The forms of dry runs, test mails and mailboxes."""

import uuid
from typing import Any

from django import forms

from configurator.accounts.scope import WHOLE, Scope
from configurator.console.objects.forms import say_what_to_do
from mailsettings.forms.fields import DiscreetMailField
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
    server = ServerChoiceField(
        label="Under which server",
        queryset=IncomingServer.objects.none(),
        widget=ServerSelect(attrs={"data-picker": "true", "form": "dry-run-form"}),
        empty_label="Choose a server",
        help_text="An OAuth Service server; one of the address's own tenant is what would work.",
        error_messages={"required": CHOOSE_SERVER, "invalid_choice": CHOOSE_SERVER},
    )

    def __init__(self, servers: Any, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["server"].queryset = servers  # type: ignore[attr-defined]  # a ModelChoiceField


NOBODY_SENDS_IT = "This is no address of a queue: choose one of those that are offered."
CONFIRM_FIRST = "Tick it: one mail leaves when you send it."


class TestMailForm(forms.Form):
    """One mail: sender, recipient, and a confirmation; ``key`` makes it one mail, however often it is sent."""

    __test__ = False  # no test, though pytest would collect it by its name

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    sender = DiscreetMailField(
        label="From",
        kind="mailbox",
        max_length=320,
        validators=[full_address],
        attrs={"list": "senders", "autocomplete": "off"},
        help_text="One of the queues' addresses, as which a reply would be sent.",
    )
    recipient = DiscreetMailField(
        label="To",
        kind="mailbox",
        max_length=320,
        validators=[full_address],
        attrs={"autocomplete": "off"},
        help_text="An inbox that you can look into.",
    )
    confirmed = forms.BooleanField(
        label="Yes, send one mail now", error_messages={"required": CONFIRM_FIRST}, required=True
    )

    def __init__(self, sender: str = "", data: Any = None, scope: Scope = WHOLE) -> None:
        """``sender`` is fixed, or "" to choose among the queue addresses within the scope."""
        super().__init__(data, initial={"key": uuid.uuid4()})
        for field in self.fields.values():
            say_what_to_do(field)
        self.fixed = sender
        self.addresses = QueueAddress.objects.visible_to(scope)
        if sender:
            del self.fields["sender"]

    def offered(self) -> list[str]:
        return list(self.addresses.order_by("address_key").values_list("address", flat=True)[:100])

    def clean_sender(self) -> str:
        """Refuse what is no address of a queue."""
        found = self.addresses.filter(address_key=canonical_address(self.cleaned_data["sender"])).first()
        if found is None:
            raise forms.ValidationError(NOBODY_SENDS_IT, code="no_address_of_a_queue")
        return found.address

    def clean_key(self) -> uuid.UUID:
        """Return the key, a new one where none was sent."""
        return self.cleaned_data["key"] or uuid.uuid4()


class MailboxForm(forms.Form):
    """The mailbox to check a server with."""

    mailbox = DiscreetMailField(
        label="Mailbox to try",
        kind="mailbox",
        required=False,
        max_length=320,
        validators=[full_address],
        attrs={"form": "record-form", "list": "mailboxes", "autocomplete": "off", "data-enter": "try"},
        help_text="Optional, for Check before save alone: a server has no mailbox, so name one to have it opened too. "
        "Nothing in it is read or changed.",
    )

    def __init__(self, server: IncomingServer, data: Any = None, scope: Scope = WHOLE) -> None:
        super().__init__(data)
        self.server = server
        self.addresses = QueueAddress.objects.visible_to(scope).filter(server=server.pk)
        say_what_to_do(self.fields["mailbox"])
        self.offered: list[str] = (
            [] if server._state.adding else list(self.addresses.values_list("address", flat=True)[:100])
        )

    def clean_mailbox(self) -> str:
        """Refuse for OAuth User what is no address of this server."""
        mailbox: str = self.cleaned_data["mailbox"]
        if not mailbox or self.server.is_service:
            return mailbox
        known = self.addresses.filter(address_key=canonical_address(mailbox))
        if not known.exists():
            raise forms.ValidationError(ONE_OF_ITS_OWN, code="not_its_own")
        return mailbox
