"""The form of the External Outgoing Mail Server."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from configurator.console.objects.fields import DateField, NumberField, SecretField
from configurator.console.objects.forms import Block
from mailsettings.forms import cross_checks
from mailsettings.forms.fields import ENHANCED_SECURITY, DiscreetField, GuidField
from mailsettings.forms.slots import ROTATION, HasSlots
from mailsettings.identifiers.tenants import parse_bare_tenant
from mailsettings.models import OutgoingServer
from mailsettings.models.outgoing import HIGHEST_PORT
from mailsettings.validators import client_secret, secret_notices

PORT_RULE = f"A port is a whole number from 1 to {HIGHEST_PORT}; leave it empty for 443."
CHOOSE_TYPE = "Choose OAuth Service: it is the type for OAuth."
USED_WHILE_ENABLED = (
    "tenant", "port", "authentication_type", "server_user", "set_password", "password", "password_expires_on",
)  # fmt: skip
MISSING = {
    "tenant": "Enter the tenant ID of the Office 365 system: an enabled server needs it.",
    "server_user": "Enter the client ID of the app: an enabled server needs it.",
}


class OutgoingServerForm(HasSlots):
    tenant = DiscreetField(
        label="IP Address or Name of Mail Server",
        required=False,
        help_text="For OAuth: the tenant ID of the Office 365 system, a GUID or a domain name; not a URL. "
        "Entra > Overview > Tenant ID.",
    )
    port = NumberField(
        label="Port",
        required=False,
        help_text="Leave it empty when the default port 443 is used.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-kind": "number"}),
        error_messages={"invalid": PORT_RULE},
    )
    server_user = GuidField(
        label="Server User",
        required=False,
        belongs_in="Password",
        help_text="The client ID of the app: Entra > App registrations > your app > Overview.",
    )
    set_password = forms.BooleanField(
        label="Set Password",
        required=False,
        help_text="Tick to enter the password; without the tick the stored one stays.",
    )
    password = SecretField(
        label="Password",
        required=False,
        check=client_secret,
        help_text="The client secret: the column Value in Certificates & secrets, not Secret ID. "
        "Stored sealed, never shown again.",
    )
    password_expires_on = DateField(
        label="Password expires on",
        required=False,
        help_text="The date in the column Expires beside the secret in Entra; 24 months at most.",
    )

    blocks = (
        Block(
            "External Outgoing Mail Server",
            ("enabled", *USED_WHILE_ENABLED),
            intro="The app needs the application permission Mail.Send with admin consent. It may be the same app as "
            "an incoming server's. This console checks that right over Microsoft Graph.",
            note=ENHANCED_SECURITY,
        ),
        ROTATION,
    )
    shown_when = {"password": "set_password=on"}
    used_when = dict.fromkeys(USED_WHILE_ENABLED, "enabled=on")
    required_when = dict.fromkeys(("tenant", "server_user", "authentication_type", "set_password"), "enabled=on") | {
        "password": "set_password=on"
    }
    left_to_service = frozenset({"password"})
    destination_fields = ("tenant", "server_user")

    class Meta:
        model = OutgoingServer
        fields = ["enabled", "tenant", "port", "authentication_type", "server_user", "password_expires_on"]
        error_messages = {"authentication_type": {"required": CHOOSE_TYPE, "invalid_choice": CHOOSE_TYPE}}
        help_texts = {
            "enabled": "Tick to use an external server. While it is off, nothing else is required.",
            "authentication_type": "Choose OAuth Service for OAuth.",
        }

    reduced = False

    def condition(self, name: str) -> str:
        """Set Password is needed only while no password is stored."""
        return "" if name == "set_password" and self.instance.password_id else super().condition(name)

    def ask_again(self, name: str, why: str) -> None:
        """Add the message to the tick too, without which the field is not visible."""
        super().ask_again(name, why)
        self.fields["set_password"].help_text = f"Tick to enter the password. {why}"

    def clean_tenant(self) -> str:
        text = self.cleaned_data["tenant"]
        if not text:
            return ""
        bare = parse_bare_tenant(text)
        self.reduced = bare.reduced
        return bare.tenant

    def clean_port(self) -> int | None:
        """Refuse a port out of range with the remedy."""
        port: int | None = self.cleaned_data["port"]
        if port is not None and not 1 <= port <= HIGHEST_PORT:
            raise ValidationError(PORT_RULE, code="port")
        return port

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self._clean_password(data)
        if data.get("tenant") and data.get("server_user"):
            cross_checks.refuse_swapped_outgoing(self, data["tenant"], data["server_user"])
        if data.get("enabled"):
            self._clean_enabled(data)
        if not self.errors:
            planned = OutgoingServer(pk=self.instance.pk, tenant=data["tenant"], server_user=data["server_user"])
            self.ask_before_wiping(planned, confirmed=data["confirm_wipe"])
        return data

    def _clean_password(self, data: dict[str, Any]) -> None:
        """Set Password and Password go together, and the date goes with a password."""
        if data.get("password") and not data.get("set_password"):
            self.add_error(
                "set_password", "A password was typed but Set Password is not ticked. Tick it, or clear the password."
            )
        if data.get("set_password") and not data.get("password") and "password" not in self.errors:
            self.add_error(
                "password",
                "Set Password is ticked: enter the client secret, or clear the tick to keep the stored one.",
            )
        if data.get("password_expires_on") and not (data.get("password") or self.instance.password_id):
            self.add_error(
                "password_expires_on", "No password is stored that could expire: enter it, or clear the date."
            )

    def _clean_enabled(self, data: dict[str, Any]) -> None:
        """An enabled server needs tenant, Server User and a password, typed or stored."""
        for name, text in MISSING.items():
            if not data.get(name) and name not in self.errors:
                self.add_error(name, text)
        has_password = data.get("password") or self.instance.password_id
        if not has_password and not {"password", "set_password"} & set(self.errors):
            self.add_error("set_password", "No password is stored yet: tick Set Password and enter the client secret.")

    def notices(self) -> list[str]:
        """Return that a URL was reduced, and a warning of incoming servers in another tenant."""
        said = [f"The login URL was reduced to its tenant: {self.instance.tenant}."] if self.reduced else []
        said += secret_notices("Password", self.cleaned_data.get("password"))
        return said + cross_checks.outgoing_notices(self.instance)
