"""The forms of the two mail server screens; labels are SC's, help says where in Entra a value stands."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from configurator.console.fields import SecretField
from configurator.console.forms import Block, RecordForm
from configurator.vault.text import Secret
from mailsettings import slips
from mailsettings.impact import incomplete_after
from mailsettings.models import AuthenticationType, IncomingServer, OutgoingServer
from mailsettings.validators import client_id, client_secret, parse_authority, parse_bare_tenant


class GuidField(forms.CharField):
    """A client ID as text, so that whatever was pasted comes back beside the message that explains it."""

    def __init__(self, **kwargs: Any) -> None:
        """Show GUIDs in full, in the width they need."""
        super().__init__(widget=forms.TextInput(attrs={"spellcheck": "false", "data-kind": "guid"}), **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the UUID, None when blank."""
        text = super().clean(value)
        return client_id(text) if text else None


class IncomingServerForm(RecordForm):
    """An incoming mail server."""

    address = forms.CharField(
        label="Address",
        help_text="https://[login address]/[tenant ID], as in https://login.microsoftonline.com/<tenant ID>. "
        "The tenant ID is Directory (tenant) ID on the app's Overview page in Entra.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "inputmode": "url", "data-kind": "address"}),
    )
    client_id = GuidField(
        label="Client ID",
        help_text="Application (client) ID: Entra > App registrations > your app > Overview. Not the Object ID.",
    )
    secret = SecretField(
        label="Secret",
        required=False,
        check=client_secret,
        help_text="Entra > App registrations > your app > Certificates & secrets: the column Value, not Secret ID. "
        "It is stored sealed and never shown again; leave it blank to keep the stored one.",
    )
    confirm_impact = forms.BooleanField(
        label="Yes, save it although these addresses will not work until they are completed",
        required=False,
    )

    blocks = (
        Block("Basics", ("name",)),
        Block(
            "Connection",
            ("address", "authentication_type", "client_id", "secret", "secret_expires_on"),
            intro="OAuth Service is the recommended type: an app registration with the application permission "
            "Mail.ReadWrite (and Mail.Send for a Sender), admin consent and a client secret; no redirect URI. OAuth "
            "User signs in with a mailbox's password and stops where MFA is required; Microsoft advises against it. "
            "Enhanced security on mailboxes used this way may break attachments and links.",
        ),
    )
    shown_when = {
        "secret": "authentication_type=oauth_service",
        "secret_expires_on": "authentication_type=oauth_service",
    }

    class Meta:
        model = IncomingServer
        fields = ["name", "authentication_type", "client_id", "secret_expires_on"]
        widgets = {
            "authentication_type": forms.RadioSelect,
            "secret_expires_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "name": "Free text; it is what is shown when a queue's address chooses its server.",
            "authentication_type": "OAuth Service: the server signs in as the app, with a secret. OAuth User: each "
            "queue address signs in with its own account and password.",
            "secret_expires_on": "The date in the column Expires beside the secret in Entra; 24 months at most. "
            "You are warned before it comes.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start the Address from the stored host and tenant."""
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields["address"].initial = self.instance.address
        self.impact = incomplete_after(self.instance, None) if not self.instance._state.adding else []
        self.fields["authentication_type"].choices = AuthenticationType.choices

    def clean_address(self) -> str:
        """Set login host and tenant of the instance; return the address in its plain form."""
        authority = parse_authority(self.cleaned_data["address"])
        self.instance.login_host, self.instance.tenant_id = authority.login_host, authority.tenant_id
        return str(authority)

    def clean(self) -> dict[str, Any]:
        """Hold the rules that look at more than one field."""
        data: dict[str, Any] = super().clean() or {}
        self._clean_secret(data.get("authentication_type"), data.get("secret"))
        if data.get("client_id") and data.get("address"):
            slips.refuse_swapped(self, self.instance.tenant_id, data["client_id"])
        if not self.errors and not data.get("confirm_impact"):
            self._ask_for_confirmation(data["authentication_type"])
        return data

    def _clean_secret(self, kind: str | None, secret: Secret | None) -> None:
        """OAuth Service needs a secret, typed or stored; OAuth User refuses one."""
        if kind == AuthenticationType.OAUTH_USER and secret:
            self.add_error(
                "secret", "OAuth User takes no secret: clear it. The password stands on the queue's address."
            )
        if kind == AuthenticationType.OAUTH_SERVICE and not secret and not self.instance.secret_id:
            if "secret" not in self.errors:
                self.add_error(
                    "secret",
                    "OAuth Service needs the client secret. Without it anyone could use the registration.",
                )

    def _ask_for_confirmation(self, kind: str) -> None:
        """Have the editor confirm a change that leaves queue addresses incomplete."""
        self.impact = incomplete_after(self.instance, kind)
        if self.impact:
            self.add_error(
                "confirm_impact",
                f"This change stops {len(self.impact)} queue address(es), listed here. Tick to save all the same.",
            )

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the constraints on the secret to this form and the service, which know the typed one."""
        return super()._get_validation_exclusions() | {"secret"}

    def notices(self) -> list[str]:
        """Warn of a name used twice and of an outgoing server in another tenant."""
        return slips.incoming_notices(self.instance)


class OutgoingServerForm(RecordForm):
    """The External Outgoing Mail Server."""

    tenant = forms.CharField(
        label="IP Address or Name of Mail Server",
        required=False,
        help_text="For OAuth: the tenant ID of the Office 365 system, a GUID or a domain name; not a URL. "
        "Entra > Overview > Tenant ID.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "data-kind": "guid"}),
    )
    port = forms.IntegerField(
        label="Port",
        required=False,
        help_text="Leave it empty when the default port 443 is used.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-kind": "number"}),
        error_messages={"invalid": "A port is a whole number from 1 to 65535; leave it empty for 443."},
    )
    server_user = GuidField(
        label="Server User",
        required=False,
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
        help_text="The client secret: the column Value in Certificates & secrets, not Secret ID. Stored sealed, never shown again.",
    )

    blocks = (
        Block(
            "External Outgoing Mail Server",
            ("enabled", "tenant", "port", "authentication_type", "server_user", "set_password", "password"),
            intro="The app needs the application permission Mail.Send with admin consent. It may be the same app as "
            "an incoming server's.",
        ),
    )
    shown_when = {"password": "set_password=on"}

    class Meta:
        model = OutgoingServer
        fields = ["enabled", "tenant", "port", "authentication_type", "server_user"]
        help_texts = {
            "enabled": "Tick to use an external server. While it is off, nothing else is required.",
            "authentication_type": "Choose OAuth Service for OAuth.",
        }

    reduced = False

    def clean_tenant(self) -> str:
        """Return the bare tenant, "" when blank."""
        text = self.cleaned_data["tenant"]
        if not text:
            return ""
        bare = parse_bare_tenant(text)
        self.reduced = bare.reduced
        return bare.tenant

    def clean_port(self) -> int | None:
        """Refuse a port out of range with the remedy."""
        port: int | None = self.cleaned_data["port"]
        if port is not None and not 1 <= port <= 65535:
            raise ValidationError(
                "A port is a whole number from 1 to 65535; leave it empty for 443.", code="port"
            )
        return port

    def clean(self) -> dict[str, Any]:
        """Hold the rules that look at more than one field."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("password") and not data.get("set_password"):
            self.add_error(
                "set_password",
                "A password was typed but Set Password is not ticked. Tick it, or clear the password.",
            )
        if data.get("set_password") and not data.get("password") and "password" not in self.errors:
            self.add_error(
                "password",
                "Set Password is ticked: enter the client secret, or clear the tick to keep the stored one.",
            )
        if data.get("tenant") and str(data.get("server_user")) == data["tenant"]:
            self.add_error("server_user", slips.SAME_GUID)
        if data.get("enabled"):
            self._clean_enabled(data)
        return data

    def _clean_enabled(self, data: dict[str, Any]) -> None:
        """An enabled server needs tenant, Server User and a password, typed or stored."""
        missing = {
            "tenant": "Enter the tenant ID of the Office 365 system: an enabled server needs it.",
            "server_user": "Enter the client ID of the app: an enabled server needs it.",
        }
        for name, text in missing.items():
            if not data.get(name) and name not in self.errors:
                self.add_error(name, text)
        if not (
            data.get("password")
            or self.instance.password_id
            or {"password", "set_password"} & set(self.errors)
        ):
            self.add_error(
                "set_password", "No password is stored yet: tick Set Password and enter the client secret."
            )

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the constraint on the password to this form and the service, which know the typed one."""
        return super()._get_validation_exclusions() | {"password"}

    def notices(self) -> list[str]:
        """Say that a URL was reduced, and warn of incoming servers in another tenant."""
        said = [f"The login URL was reduced to its tenant: {self.instance.tenant}."] if self.reduced else []
        return said + slips.outgoing_notices(self.instance)
