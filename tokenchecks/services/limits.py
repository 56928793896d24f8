"""How often one person may request checks: more often than anybody needs, and less often than would hurt.

Every check requests a token, and Microsoft slows down or locks what requests too often.
"""

from datetime import timedelta

from django.db.models.functions import Now

from configurator.db.locks import advisory_lock
from tokenchecks.models import CheckRound, CheckRun, Purpose

ACTS_PER_MINUTE = 60
ROUNDS_PER_TEN_MINUTES = 20


class TooManyChecks(Exception):
    """The person has reached the limit; the message says what to do."""


def allow_check(requested_by: str) -> None:
    """Raise TooManyChecks when the person requested too many single checks within the last minute."""
    advisory_lock(f"checks of {requested_by}")
    recent = CheckRun.objects.filter(requested_at__gt=Now() - timedelta(minutes=1), requested_by=requested_by)
    # All checks of one press have the same moment.
    presses = recent.filter(purpose=Purpose.CHECK, round=None).values("requested_at").distinct()
    if presses.count() >= ACTS_PER_MINUTE:
        raise TooManyChecks(
            f"You have asked for {ACTS_PER_MINUTE} checks within a minute. Nothing was added: wait a minute, then "
            "press Check now again, or use Check all."
        )


def allow_round(requested_by: str) -> None:
    """Raise TooManyChecks when the person began too many rounds within the last ten minutes."""
    recent = CheckRound.objects.filter(requested_at__gt=Now() - timedelta(minutes=10), requested_by=requested_by)
    if recent.count() >= ROUNDS_PER_TEN_MINUTES:
        raise TooManyChecks(
            f"You have checked everything or many {ROUNDS_PER_TEN_MINUTES} times within ten minutes. Nothing was "
            "added: wait some minutes. What changed is checked by itself."
        )
