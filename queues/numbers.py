"""The ranges of the number fields, each with the one sentence that says what to enter."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from configurator.console.objects.fields import NumberField

HIGHEST: Final = 2_147_483_647


@dataclass(frozen=True)
class Range:
    """The lowest value of a field, and the message for any other."""

    lowest: int
    sentence: str


FROM_1: Final = f"Enter a whole number from 1 to {HIGHEST}"
FROM_0: Final = f"Enter a whole number from 0 to {HIGHEST}"
RANGES: Final = {
    "priority": Range(1, f"{FROM_1}; the lowest value is the highest priority."),
    "queue_size": Range(-HIGHEST, f"Enter a whole number up to {HIGHEST}; 0 or less, such as -1, means unlimited."),
    "pick_timeout_ms": Range(0, f"{FROM_0}, in milliseconds; 120000 is two minutes."),
    "max_email_kb": Range(1, f"{FROM_1}, in KB; leave it empty for the system's 25600."),
    "accept_time_limit": Range(0, f"{FROM_0}: 0 is not in use, 1 means one week, else seconds; empty inherits."),
    "required_agent_expiry": Range(0, f"{FROM_0}, in seconds; leave it empty for the system's one week."),
}
# For the Meta of forms.
FIELD_CLASSES: Final[dict[str, type[forms.Field]]] = dict.fromkeys(RANGES, NumberField)


def within(name: str) -> list[Callable[[Any], None]]:
    allowed = RANGES[name]
    return [MinValueValidator(allowed.lowest, allowed.sentence), MaxValueValidator(HIGHEST, allowed.sentence)]


def say_ranges(fields: dict[str, forms.Field]) -> None:
    """Show number fields as plain text inputs, and answer every wrong number with the field's sentence."""
    for name, field in fields.items():
        if name in RANGES:
            field.widget = forms.TextInput(attrs=field.widget.attrs | {"inputmode": "numeric", "data-kind": "number"})
            codes = ("required", "invalid", "min_value", "max_value")
            field.error_messages |= dict.fromkeys(codes, RANGES[name].sentence)
