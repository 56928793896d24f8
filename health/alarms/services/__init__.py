"""Every write to alarms and notices."""

from health.alarms.services.outbox import deliver, try_again
from health.alarms.services.reconcile import reconcile
from health.alarms.services.silence import reconcile_silence
from health.alarms.services.trying import send_test

__all__ = ["deliver", "reconcile", "reconcile_silence", "send_test", "try_again"]
