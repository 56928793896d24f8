"""Every write to alarms and notices."""

from health.alarms.services.outbox import deliver, try_again
from health.alarms.services.reconcile import look
from health.alarms.services.silence import look_for_silence
from health.alarms.services.trying import send_test

__all__ = ["deliver", "look", "look_for_silence", "send_test", "try_again"]
