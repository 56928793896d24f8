"""The form of an acknowledgement."""

from datetime import date, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from configurator.console.objects.fields import DateField, LinesField
from configurator.console.objects.forms import Block, say_what_to_do

LONGEST: Final = timedelta(days=365)
READ_BY_OTHERS: Final = "Others read it, also in the audit log."
LAST_DAY: Final = "The last day on which it does not count, at most a year from now."


class AcknowledgementForm(forms.Form):
    """Why a finding or a warning does not count, and until when; of a finding the end date may be left out."""

    reason = LinesField(label="Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    until = DateField(label="Acknowledged until", required=False)

    blocks: ClassVar[tuple[Block, ...]] = ()

    def __init__(self, *args: Any, of_warning: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason, until = self.fields["reason"], self.fields["until"]
        if of_warning:
            reason.help_text = READ_BY_OTHERS
            until.label, until.required, until.help_text = "Dismissed until", True, LAST_DAY
            self.too_far = "Choose a day within a year: a warning is not dismissed for good."
        else:
            reason.help_text = f"Why this may stand. {READ_BY_OTHERS}"
            until.help_text = f"{LAST_DAY} Left empty, it does not count until it is taken back."
            self.too_far = "Choose a day within a year, or leave this empty."
        for field in self.fields.values():
            say_what_to_do(field)

    def clean_until(self) -> date | None:
        """Refuse a day that is over, and one more than a year ahead."""
        until: date | None = self.cleaned_data["until"]
        today = timezone.localdate()
        if until and until < today:
            raise ValidationError("This day is over. Choose today or a later day.", code="past")
        if until and until > today + LONGEST:
            raise ValidationError(self.too_far, code="far")
        return until
