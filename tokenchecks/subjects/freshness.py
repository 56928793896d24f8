"""How long what a check found is taken to hold."""

from datetime import timedelta

from django.conf import settings

from configurator.status import Status

# Classes of trouble that may pass by itself.
MAY_PASS = frozenset({"throttle", "transient", "network"})
# Classes of trouble that are looked at as often as what is well; any other rests until somebody mends it.
UNSETTLED = frozenset({*MAY_PASS, "internal"})
DAY = timedelta(days=1)
JITTER = 0.1


def known_for(status: str, error_class: str) -> timedelta:
    """Return how long after a check its finding is taken to hold when no other is made: one look may come late."""
    every: timedelta = settings.CHECK_EVERY
    rests = status == Status.BROKEN and error_class not in UNSETTLED
    return (max(DAY, every) if rests else every) * (1 + JITTER) + every
