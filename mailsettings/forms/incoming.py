"""The form of an incoming mail server."""

from typing import Any

from django import forms

from configurator.accounts.scope import WHOLE, Scope
from configurator.console.objects.fields import DateField, LineField, SecretField
from configurator.console.objects.forms import Block
from configurator.vault.text import Secret
from mailsettings.forms import cross_checks
from mailsettings.forms.fields import ENHANCED_SECURITY, DiscreetField, GuidField
from mailsettings.forms.slots import ROTATION, HasSlots
from mailsettings.identifiers.authority import parse_authority
from mailsettings.impact import NO_IMPACT, Impact, Use, impact_of, stops
from mailsettings.models import AuthenticationType, IncomingServer
from mailsettings.validators import client_secret, secret_notices

SHOWN = 100  # addresses that the server's own page lists; its page under Secrets and Impact has them all
CHOOSE_TYPE = "Choose OAuth Service (recommended) or OAuth User."


class IncomingServerForm(HasSlots):
    """An incoming mail server."""

    address = DiscreetField(
        label="Address",
        kind="address",
        attrs={"inputmode": "url"},
        help_text="https://[login address]/[tenant ID], as in https://login.microsoftonline.com/<tenant ID>. "
        "The tenant ID is Directory (tenant) ID on the app's Overview page in Entra.",
    )
    client_id = GuidField(
        label="Client ID",
        belongs_in="Secret",
        help_text="Application (client) ID: Entra > App registrations > your app > Overview. Not the Object ID.",
    )
    secret = SecretField(
        label="Secret",
        required=False,
        check=client_secret,
        help_text="Entra > App registrations > your app > Certificates & secrets: the column Value, not Secret ID. "
        "It is stored sealed and never shown again.",
    )
    confirm_impact = forms.BooleanField(
        label="Yes, save it although these addresses will not work until they are completed", required=False
    )

    blocks = (
        Block("Basics", ("name",)),
        Block(
            "Connection",
            ("address", "authentication_type", "client_id", "secret", "secret_expires_on"),
            intro="OAuth Service is the recommended type: an app registration with the application permission "
            "Mail.ReadWrite (and Mail.Send for a Sender), admin consent and a client secret; no redirect URI. OAuth "
            "User takes each address's own account and password and no secret. This console checks it as Microsoft's "
            "password grant, which stops where MFA is required and which Microsoft advises against: that needs Allow "
            "public client flows = Yes and the delegated permission Mail.ReadWrite (and Mail.Send).",
            note=ENHANCED_SECURITY,
        ),
        ROTATION,
    )
    shown_when = {
        "secret": "authentication_type=oauth_service",
        "secret_expires_on": "authentication_type=oauth_service",
    }
    required_when = {"secret": "authentication_type=oauth_service"}
    left_to_service = frozenset({"secret"})
    destination_fields = ("authentication_type", "address", "client_id")
    confirmations = HasSlots.confirmations | {"confirm_impact"}

    class Meta:
        model = IncomingServer
        fields = ["name", "authentication_type", "client_id", "secret_expires_on"]
        field_classes = {"name": LineField, "secret_expires_on": DateField}
        widgets = {"authentication_type": forms.RadioSelect}
        error_messages = {"authentication_type": {"required": CHOOSE_TYPE, "invalid_choice": CHOOSE_TYPE}}
        help_texts = {
            "name": "Free text; it is what is shown when a queue's address chooses its server.",
            "authentication_type": "OAuth Service: the server signs in as the app, with a secret. OAuth User: each "
            "queue address signs in with its own account and password.",
            "secret_expires_on": "The date in the column Expires beside the secret in Entra; 24 months at most. "
            "You are warned before it comes.",
        }

    def __init__(self, *args: Any, scope: Scope = WHOLE, **kwargs: Any) -> None:
        """``scope`` limits which addresses are named in messages and lists."""
        super().__init__(*args, **kwargs)
        self.scope = scope
        adding = self.instance._state.adding
        if not adding:
            self.fields["address"].initial = self.instance.address
        self.impact: list[Any] = [] if adding else list(self._addresses().whole()[:SHOWN])
        self.use = self._use()
        self.fields["authentication_type"].choices = AuthenticationType.choices  # type: ignore[attr-defined]  # a ChoiceField

    def _use(self) -> Use:
        """Return what depends on the server; queried only where there is more than the page lists."""
        if len(self.impact) < SHOWN:
            return Use(len({address.queue_id for address in self.impact}), len(self.impact))
        use: Use = self._addresses().use()
        return use

    def _addresses(self) -> Any:
        return self.instance.addresses.visible_to(self.scope)

    def stops(self) -> str:
        """Return what stops with the stored secret, and when, in words."""
        server = self.instance
        return stops(self.use, server.secret_expires_on, with_secret=bool(server.secret_id), whole=self.scope.is_whole)

    def clean_address(self) -> str:
        """Set login host and tenant of the instance; return the normalized address."""
        authority = parse_authority(self.cleaned_data["address"])
        self.instance.login_host, self.instance.tenant_id = authority.login_host, authority.tenant_id
        return str(authority)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self._clean_secret(data.get("authentication_type"), data.get("secret"))
        if data.get("client_id") and data.get("address"):
            cross_checks.refuse_swapped(self, self.instance.pk, self.instance.tenant_id, data["client_id"])
        if not self.errors:
            self._ask_for_confirmation(data["authentication_type"], confirmed=data["confirm_impact"])
            self.ask_before_wiping(self._planned(data), confirmed=data["confirm_wipe"])
        return data

    def _planned(self, data: dict[str, Any]) -> IncomingServer:
        """Return the server with the values that decide which secrets it can use."""
        return IncomingServer(
            pk=self.instance.pk,
            login_host=self.instance.login_host,
            tenant_id=self.instance.tenant_id,
            client_id=data["client_id"],
            authentication_type=data["authentication_type"],
        )

    def _clean_secret(self, kind: str | None, secret: Secret | None) -> None:
        """OAuth Service needs a secret, typed or stored; OAuth User refuses one and has no date for it."""
        if kind == AuthenticationType.OAUTH_USER:
            self.cleaned_data["secret_expires_on"] = None
            self.errors.pop("secret_expires_on", None)
            if secret:
                self.add_error(
                    "secret", "OAuth User takes no secret: clear it. The password stands on the queue's address."
                )
        needed = kind == AuthenticationType.OAUTH_SERVICE and not (secret or self.instance.secret_id)
        if needed and "secret" not in self.errors:
            self.add_error(
                "secret",
                "OAuth Service needs the client secret: enter it. Without it anyone could use the registration.",
            )

    def _ask_for_confirmation(self, kind: str, *, confirmed: bool) -> None:
        """Require a confirmation of a change that breaks queue addresses, naming them."""
        impact: Impact = (
            impact_of(self.instance, kind, self.scope) if self.impact or not self.scope.is_whole else NO_IMPACT
        )
        if impact.sentence and not confirmed:
            self.impact = impact.addresses
            self.add_error("confirm_impact", impact.sentence)

    def notices(self) -> list[str]:
        """Return warnings of what is allowed but often a mistake."""
        return secret_notices("Secret", self.cleaned_data.get("secret")) + cross_checks.incoming_notices(self.instance)
