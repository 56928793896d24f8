"""The forms of the actions on a server's secret slots."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone

from configurator.console.objects.fields import DateField, SecretField, VersionField
from configurator.console.objects.forms import Block, say_what_to_do, typed_secrets
from configurator.vault.services import is_same
from configurator.vault.text import Secret
from mailsettings.forms.cross_checks import date_notices
from mailsettings.models import days_until
from mailsettings.rotation.next_test import failed_test
from mailsettings.rotation.services import KEPT_FOR
from mailsettings.rotation.slots import Server
from mailsettings.validators import client_secret, secret_notices

MOST_DAYS_KEPT = 90
CHOOSE_A_DAY = (
    f"Choose the day on which the secret in use until now is wiped: today for at once, at most {MOST_DAYS_KEPT} days "
    "from now. Until then you can roll back."
)


class SlotForm(forms.Form):
    """An action on a server's slots, at the version that its editor saw."""

    form_id: ClassVar[str] = "slot-form"
    blocks: tuple[Block, ...] = ()
    version = VersionField()

    def __init__(self, data: Any = None, *, server: Server, **kwargs: Any) -> None:
        """Send the inputs with the form's own button."""
        super().__init__(data, **({"auto_id": "id_slot_%s"} | kwargs))
        self.instance = server
        self.fields["version"].initial = server.version
        # Two of these forms are on one page.
        self.fields["version"].widget.attrs["id"] = f"{self.form_id}-version"
        for field in self.fields.values():
            say_what_to_do(field)
            field.widget.attrs["form"] = self.form_id

    def given(self) -> dict[str, Any]:
        """Return the service's arguments besides the version."""
        return {}

    def typed_secrets(self) -> list[BoundField]:
        """Return the secret fields in which something was typed."""
        return typed_secrets(self)

    def notices(self) -> list[str]:
        """Return warnings to show afterwards."""
        return []


class NextSecretForm(SlotForm):
    form_id = "next-secret-form"
    next_secret = SecretField(
        label="Next secret",
        check=client_secret,
        help_text="Entra > App registrations > your app > Certificates & secrets > New client secret: the column "
        "Value, not Secret ID. It is stored sealed and never shown again.",
        error_messages={"required": "Enter the new client secret: the column Value in Certificates & secrets."},
    )
    next_secret_expires_on = DateField(
        label="Next secret expires on",
        required=False,
        help_text="The date in the column Expires beside the new secret in Entra; 24 months at most.",
    )
    blocks = (Block("Next secret", ("next_secret", "next_secret_expires_on")),)

    def clean_next_secret(self) -> Secret:
        """Refuse a secret that the server has already."""
        secret: Secret = self.cleaned_data["next_secret"]
        held = self.instance
        if held.current.sealed and is_same(secret, held.current.sealed):
            raise ValidationError("This is the secret already in use. Create another one in Entra and enter its Value.")
        if held.previous.sealed and is_same(secret, held.previous.sealed):
            raise ValidationError("This is the previous secret. Roll back to use it again, or enter a new one.")
        return secret

    def clean_next_secret_expires_on(self) -> date | None:
        """Refuse a day that has passed."""
        day: date | None = self.cleaned_data["next_secret_expires_on"]
        if day and day < timezone.localdate():
            raise ValidationError(
                "This day has passed, so Microsoft would refuse the secret. Enter the date beside the new secret."
            )
        return day

    def given(self) -> dict[str, Any]:
        return {
            "secret": self.cleaned_data["next_secret"],
            "expires_on": self.cleaned_data["next_secret_expires_on"],
        }

    def notices(self) -> list[str]:
        """Warn of a year that is probably mistyped."""
        said = secret_notices("Next secret", self.cleaned_data["next_secret"])
        return said + date_notices("Next secret expires on", days_until(self.cleaned_data["next_secret_expires_on"]))


@dataclass(frozen=True)
class Tick:
    """The confirmation of a switch to a secret that Microsoft is not known to accept."""

    label: str
    missing: str
    help_text: str = "If Microsoft refuses it, no mail goes through until you roll back."


UNTESTED = Tick(
    "Switch although the next secret was not tested",
    "The next secret was not tested. Test it first, or tick to switch to it untested.",
)
REFUSED = Tick(
    "Switch although Microsoft refused the next secret",
    "The next secret was refused by Microsoft when it was tested. Enter the right one and test it, or tick to switch "
    "to it all the same.",
    "While Microsoft refuses it, no mail goes through until you roll back.",
)
NOT_PASSED = Tick(
    "Switch although the next secret did not pass its test",
    "The next secret did not pass its test. Mend what its result names and test it again, or tick to switch to it "
    "all the same.",
)


class SwitchForm(SlotForm):
    form_id = "switch-form"
    wipe_on = DateField(
        label="Wipe the current secret on",
        help_text=f"Until that day you can roll back to it. Today wipes it at once; at most {MOST_DAYS_KEPT} days.",
        error_messages={"required": CHOOSE_A_DAY},
    )
    untested = forms.BooleanField(required=False)
    blocks = (Block("Switch", ("wipe_on", "untested")),)

    def __init__(self, data: Any = None, *, server: Server, **kwargs: Any) -> None:
        """Keep the current secret a week unless said otherwise; no confirmation is needed where the next one passed its
        test.
        """
        super().__init__(data, server=server, **kwargs)
        today = timezone.localdate()
        self.fields["wipe_on"].initial = today + KEPT_FOR
        self.failed = failed_test(server)
        self.asks = UNTESTED if self.failed is None else REFUSED if self.failed.refused else NOT_PASSED
        self.fields["untested"].label = self.asks.label
        self.fields["untested"].help_text = self.asks.help_text
        if server.next_secret_tested_at:
            del self.fields["untested"]
            self.blocks = (Block("Switch", ("wipe_on",)),)

    @property
    def tick(self) -> BoundField | None:
        """The field to tick, None where Microsoft accepts the next secret."""
        return self["untested"] if "untested" in self.fields else None

    def clean_wipe_on(self) -> date:
        """Refuse a day that has passed or is far away."""
        day: date = self.cleaned_data["wipe_on"]
        if not 0 <= (day - timezone.localdate()).days <= MOST_DAYS_KEPT:
            raise ValidationError(CHOOSE_A_DAY)
        return day

    def clean(self) -> dict[str, Any]:
        """Require the tick where it is unknown whether Microsoft accepts the next secret."""
        if "untested" in self.fields and not self.cleaned_data.get("untested"):
            self.add_error("untested", self.asks.missing)
        return self.cleaned_data

    def given(self) -> dict[str, Any]:
        return {"wipe_on": self.cleaned_data["wipe_on"]}
