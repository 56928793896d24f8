"""The form of one address of a queue."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from configurator.accounts.scope import WHOLE, Scope
from configurator.console.objects.fields import MailField, SecretField
from configurator.console.objects.forms import Block, RecordForm
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer
from mailsettings.validators import mailbox_password, password_notices
from queues.duplicates import refuse_duplicate
from queues.forms.language import LanguageField
from queues.models import QueueAddress
from queues.numbers import FIELD_CLASSES, say_ranges
from queues.validators import canonical_address

CHOOSE_SERVER = "Choose the server that the mailbox is read through, by name and address."


class ServerChoiceField(forms.ModelChoiceField):
    """The E-Mail Server: shown with name and address, since names need not be unique."""

    def to_python(self, value: Any) -> Any:
        """Return the server; any text that names none, with NUL included, gets the same message."""
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} – {obj.address}"


class ServerSelect(forms.Select):
    """A select whose options have their Authentication Type, for the fields that depend on it."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        server = getattr(value, "instance", None)
        if server is not None:
            option["attrs"]["data-type"] = server.authentication_type
        return option


class AddressForm(RecordForm):
    extension_language = LanguageField(
        label="Extension Language",
        help_text="Overrides the queue's language; empty inherits it. Choose it by name or tag.",
    )
    password = SecretField(
        label="E-Mail Password",
        required=False,
        check=mailbox_password,
        help_text="The password of the E-Mail Account, needed for OAuth User alone. Stored sealed and never shown "
        "again. The account must not need MFA.",
    )
    server = ServerChoiceField(
        label="E-Mail Server",
        queryset=IncomingServer.objects.all(),
        widget=ServerSelect(attrs={"data-picker": "true"}),
        empty_label="Choose a server",
        help_text="The incoming mail server that the mailbox is read through.",
        error_messages={"required": CHOOSE_SERVER, "invalid_choice": CHOOSE_SERVER},
    )

    blocks = (
        Block(
            "Address",
            ("address", "priority", "extension_language", "account", "password", "sender", "server"),
        ),
    )
    shown_when = required_when = {"password": "server=oauth_user"}
    left_to_service = frozenset({"address_key", "password"})
    # The scope in which messages name queues.
    scope: Scope = WHOLE

    class Meta:
        model = QueueAddress
        fields = ["address", "priority", "extension_language", "account", "sender", "server"]
        field_classes = FIELD_CLASSES | {"address": MailField, "account": MailField}
        help_texts = {
            "address": "The full address as the Microsoft 365 admin centre shows it. OAuth User: the user's address; "
            "OAuth Service: the shared mailbox's.",
            "priority": "Overrides the Priority of Contact Management; empty inherits it. The lowest value is the "
            "highest priority.",
            "account": "The account name with which the mailbox folder is read: User principal name, under Users > "
            "Active users. It may differ from the address.",
            "sender": "Select this option if you want that the e-mail account can be used as a sender. The app that "
            "sends then needs Mail.Send.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"auto_id": "id_address_%s"} | kwargs))
        say_ranges(self.fields)
        self.fields["extension_language"].stored = lambda: self.instance.extension_language  # type: ignore[attr-defined]  # a LanguageField
        for field in self.fields.values():
            field.widget.attrs["form"] = "address-form"

    def offer(self, servers: QuerySet[IncomingServer]) -> None:
        """Let only these servers be chosen."""
        self.fields["server"].queryset = servers  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_address(self) -> str:
        """Refuse an address that another queue has, and name that queue."""
        address: str = self.cleaned_data["address"].strip()
        self.refuse_duplicate(address)
        return address

    def refuse_duplicate(self, address: str) -> None:
        refuse_duplicate(self.instance, address, self.scope)

    def clean(self) -> dict[str, Any]:
        """Apply the password rule, which the server's Authentication Type decides."""
        data: dict[str, Any] = super().clean() or {}
        server: IncomingServer | None = data.get("server")
        if server is not None:
            self._clean_password(server, data.get("password"))
        return data

    def _clean_password(self, server: IncomingServer, password: Secret | None) -> None:
        """OAuth User needs a password, typed or stored; OAuth Service refuses one."""
        if server.is_service and password:
            self.add_error(
                "password",
                f"{server.name} is an OAuth Service server, which takes no password: clear it. The secret stands on "
                "the server.",
            )
        needed = not server.is_service and not (password or self.instance.password_id)
        if needed and "password" not in self.errors:
            self.add_error("password", f"{server.name} is an OAuth User server: enter the password of the account.")

    def notices(self) -> list[str]:
        """Return warnings of what is allowed but often a mistake."""
        said = password_notices("E-Mail Password", self.cleaned_data.get("password"))
        if canonical_address(self.instance.account) != canonical_address(self.instance.address):
            said.append(
                "E-Mail Account and Address differ. That is right for an alias or a shared mailbox; otherwise mend one."
            )
        if not self.instance.server.is_service:
            said.append("OAuth User stops as soon as the account needs MFA. OAuth Service is the safer type.")
        return said
