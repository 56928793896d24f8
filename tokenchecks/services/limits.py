"""How often one person may ask for checks: more often than anybody has a reason to, and less often than would hurt.

Every check asks Microsoft for a token, and Microsoft slows down or locks what is asked too often.
"""

from datetime import timedelta

from django.db.models.functions import Now

from configurator.db.locks import advisory_lock
from tokenchecks.models import CheckRound, CheckRun, Purpose

ACTS_PER_MINUTE = 60
ROUNDS_PER_TEN_MINUTES = 20


class TooManyChecks(Exception):
    """The person has asked for checks as often as is allowed; its text says what to do."""


def allow_check(asker: str) -> None:
    """Raise TooManyChecks when the person asked for single checks too often within the last minute."""
    advisory_lock(f"checks of {asker}")
    recent = CheckRun.objects.filter(requested_at__gt=Now() - timedelta(minutes=1), requested_by=asker)
    # All checks of one press have the same moment.
    presses = recent.filter(purpose=Purpose.CHECK, round=None).values("requested_at").distinct()
    if presses.count() >= ACTS_PER_MINUTE:
        raise TooManyChecks(
            f"You have asked for {ACTS_PER_MINUTE} checks within a minute. Nothing was added: wait a minute, then "
            "press Check now again, or use Check all."
        )


def allow_round(asker: str) -> None:
    """Raise TooManyChecks when the person began too many rounds within the last ten minutes."""
    recent = CheckRound.objects.filter(requested_at__gt=Now() - timedelta(minutes=10), requested_by=asker)
    if recent.count() >= ROUNDS_PER_TEN_MINUTES:
        raise TooManyChecks(
            f"You have checked everything or many {ROUNDS_PER_TEN_MINUTES} times within ten minutes. Nothing was "
            "added: wait some minutes. What changed is checked by itself."
        )
