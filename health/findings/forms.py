"""The form that acknowledges a finding."""

from typing import Any, ClassVar

from django import forms

from configurator.console.objects.fields import LinesField
from configurator.console.objects.forms import Block, say_what_to_do


class AcknowledgeForm(forms.Form):
    """Why the finding may stand."""

    reason = LinesField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why this may stand. Others read it, also in the audit log.",
    )

    blocks: ClassVar[tuple[Block, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Word the messages."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            say_what_to_do(field)
