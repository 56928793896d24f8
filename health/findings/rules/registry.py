"""Which question finds the objects that a rule holds for."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Left

from configurator.db.expressions import is_annotated

Question = Callable[[], QuerySet[Any]]
QUESTIONS: Final[dict[str, Question]] = {}
LONGEST: Final = 300  # of a detail


def rule(key: str) -> Callable[[Question], Question]:
    """Register the question of the rule of rules.toml with that key.

    It returns one queryset of objects; the annotation ``says`` adds a detail.
    """

    def register(question: Question) -> Question:
        assert key not in QUESTIONS, key  # noqa: S101  two rules with one key
        QUESTIONS[key] = question
        return question

    return register


def held_by(key: str) -> QuerySet[Any]:
    """Return the objects that the rule holds for, each with its ``detail``, "" where there is nothing to add."""
    held = QUESTIONS[key]().order_by()
    says = Left("says", LONGEST) if is_annotated(held, "says") else Value("", output_field=CharField())
    detailed: QuerySet[Any] = held.annotate(detail=says)
    return detailed
