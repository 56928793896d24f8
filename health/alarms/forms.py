"""The form that dismisses a warning."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from configurator.console.objects.fields import DateField, LinesField
from configurator.console.objects.forms import Block, say_what_to_do

LONGEST = timedelta(days=365)


class DismissForm(forms.Form):
    """Why, and until when."""

    reason = LinesField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Others read it, also in the audit log.",
    )
    until = DateField(
        label="Dismissed until",
        help_text="The last day on which it does not count, at most a year from now.",
    )

    blocks: ClassVar[tuple[Block, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Word the messages."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            say_what_to_do(field)

    def clean_until(self) -> Any:
        """Refuse a day that is over, and one too far off."""
        until, today = self.cleaned_data["until"], timezone.localdate()
        if until < today:
            raise ValidationError("This day is over. Choose today or a later day.", code="past")
        if until > today + LONGEST:
            raise ValidationError("Choose a day within a year: a warning is not dismissed for good.", code="far")
        return until
