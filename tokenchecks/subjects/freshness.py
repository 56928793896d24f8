"""How long a result holds."""

from datetime import timedelta

from django.conf import settings

from configurator.status import Status

# Classes of failure that may pass by themselves.
MAY_PASS = frozenset({"throttle", "transient", "network"})
# Classes that are checked as often as what is OK; others wait a day, until somebody corrects them.
UNSETTLED = frozenset({*MAY_PASS, "internal"})
DAY = timedelta(days=1)
JITTER = 0.1


def known_for(status: str, error_class: str) -> timedelta:
    """Return how long after a check its result holds without another: one check may come late."""
    every: timedelta = settings.CHECK_EVERY
    rests = status == Status.BROKEN and error_class not in UNSETTLED
    return (max(DAY, every) if rests else every) * (1 + JITTER) + every
