"""The forms of the queue page: the queue itself, and one address at a time."""

from typing import Any

from django import forms

from configurator.console.fields import SecretField
from configurator.console.forms import Block, RecordForm
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer
from mailsettings.validators import mailbox_password
from queues.models import Queue, QueueAddress
from queues.validators import canonical_address

WHOLE_NUMBER = "Enter a whole number, in digits alone."


class QueueForm(RecordForm):
    """An e-mail queue; its addresses have forms of their own in the block Numbers/Addresses."""

    type = forms.CharField(label="Type", initial="E-Mail Queue", disabled=True, required=False)

    blocks = (
        Block("Basics", ("name", "description", "type", "language", "enabled")),
        Block("Contact Management", ("priority", "queue_size", "pick_timeout_ms")),
        Block("Numbers/Addresses", template="queues/addresses.html"),
        Block(
            "E-Mail Settings",
            (
                "max_email_kb",
                "preferred_agent",
                "accept_time_limit",
                "required_agent",
                "required_agent_expiry",
                "picking_by_others",
            ),
            intro="Empty or Not Defined takes the system's value; anything else overrides it for this queue.",
        ),
        Block("Access Rights", template="queues/access.html"),
    )

    class Meta:
        model = Queue
        fields = [*Queue.audit_fields]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "language": "A language tag such as en or de; empty takes the system default.",
            "priority": "The lowest value is the highest priority: 5 is allocated before 10. An address's own Priority overrides it.",
            "queue_size": "How many contacts may wait; 0 or less means unlimited.",
            "pick_timeout_ms": "In milliseconds; 120000 is two minutes.",
            "max_email_kb": "In KB; the system default is 25 MB, which is 25600.",
            "accept_time_limit": "In seconds; 0 is not in use, 1 means one week.",
            "required_agent": "Needs Preferred Agent on.",
            "required_agent_expiry": "In seconds; the system default is one week.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the inherited choice as SC does."""
        super().__init__(*args, **kwargs)
        for name in ("preferred_agent", "required_agent", "picking_by_others"):
            self.fields[name].choices = [("", "Not Defined"), *Queue._meta.get_field(name).choices]
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                field.widget = forms.TextInput(
                    attrs=field.widget.attrs | {"inputmode": "numeric", "data-kind": "number"}
                )
                field.error_messages["invalid"] = WHOLE_NUMBER
        self.fields["version"].widget = forms.HiddenInput(attrs={"form": "record-form"})

    def clean(self) -> dict[str, Any]:
        """Required Agent stands on Preferred Agent."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("required_agent") == 1 and data.get("preferred_agent") != 1:
            self.add_error(
                "required_agent",
                "It needs Preferred Agent on: set that to On, or this to Off or Not Defined.",
            )
        return data


class ServerChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  the base carries the type
    """The E-Mail Server: shown with name and address, since names may stand twice."""

    def label_from_instance(self, obj: Any) -> str:
        """Return name and address."""
        return f"{obj.name} – {obj.address}"


class ServerSelect(forms.Select):
    """A select whose options say which Authentication Type they have, for the fields that depend on it."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the type to the option."""
        option = super().create_option(name, value, *args, **kwargs)
        server = getattr(value, "instance", None)
        if server is not None:
            option["attrs"]["data-type"] = server.authentication_type
        return option


class AddressForm(RecordForm):
    """One address of a queue."""

    password = SecretField(
        label="E-Mail Password",
        required=False,
        check=mailbox_password,
        help_text="The password of the E-Mail Account, needed for OAuth User alone. Stored sealed and never shown again; "
        "leave it blank to keep the stored one. The account must not need MFA.",
    )
    server = ServerChoiceField(
        label="E-Mail Server",
        queryset=IncomingServer.objects.all(),
        widget=ServerSelect(attrs={"data-picker": "true"}),
        empty_label="Choose a server",
        help_text="The incoming mail server that the mailbox is read through.",
        error_messages={"required": "Choose the server that the mailbox is read through."},
    )

    blocks = (
        Block(
            "Address",
            ("address", "priority", "extension_language", "account", "password", "sender", "server"),
        ),
    )
    shown_when = {"password": "server=oauth_user"}

    class Meta:
        model = QueueAddress
        fields = ["address", "priority", "extension_language", "account", "sender", "server"]
        help_texts = {
            "address": "The full address as the Microsoft 365 admin centre shows it. OAuth User: the user's address; "
            "OAuth Service: the shared mailbox's.",
            "priority": "Overrides the Priority of Contact Management; empty inherits it. The lowest value is the highest priority.",
            "extension_language": "Overrides the queue's language; empty inherits it. A tag such as de or pt-BR.",
            "account": "The account name with which the mailbox folder is read: User principal name, under Users > Active users. "
            "It may differ from the address.",
            "sender": "Optional: the e-mail account may also send. The app then needs Mail.Send.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Send the inputs with the address's own form."""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["form"] = "address-form"
            field.widget.attrs["id"] = f"id_address_{name}"
            if isinstance(field, forms.IntegerField):
                field.error_messages["invalid"] = WHOLE_NUMBER

    def clean_address(self) -> str:
        """Refuse an address that another queue has, and name that queue."""
        address: str = self.cleaned_data["address"].strip()
        other = (
            QueueAddress.objects.select_related("queue")
            .filter(address_key=canonical_address(address))
            .exclude(pk=self.instance.pk)
            .first()
        )
        if other:
            where = (
                "this queue" if other.queue_id == self.instance.queue_id else f"the queue {other.queue.name}"
            )
            raise forms.ValidationError(
                f"This address is already on {where}. A mailbox is read by one queue: use another address, or delete it there.",
                code="duplicate_address",
            )
        return address

    def clean(self) -> dict[str, Any]:
        """Hold the password rule, which the server's Authentication Type decides."""
        data: dict[str, Any] = super().clean() or {}
        server: IncomingServer | None = data.get("server")
        if server is not None:
            self._clean_password(server, data.get("password"))
        return data

    def _clean_password(self, server: IncomingServer, password: Secret | None) -> None:
        """OAuth User needs a password given for this account and tenant; OAuth Service refuses one."""
        if server.is_service:
            if password:
                self.add_error(
                    "password",
                    f"{server.name} is an OAuth Service server, which takes no password: clear it. The secret stands on the server.",
                )
            return
        if password or "password" in self.errors:
            return
        if not self.instance.password_id:
            self.add_error(
                "password", f"{server.name} is an OAuth User server: enter the password of the account."
            )

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the uniqueness of the address to clean_address, which names the other queue."""
        return super()._get_validation_exclusions() | {"address_key", "password"}

    def notices(self) -> list[str]:
        """Point out what is lawful but often a slip."""
        said = []
        if canonical_address(self.instance.account) != canonical_address(self.instance.address):
            said.append(
                "E-Mail Account and Address differ. That is right for an alias or a shared mailbox; otherwise mend one of them."
            )
        if not self.instance.server.is_service:
            said.append("OAuth User stops as soon as the account needs MFA. OAuth Service is the safer type.")
        return said
