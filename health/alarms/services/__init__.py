"""Every write to alarms, notices and dismissals."""

from health.alarms.services.dismissing import dismiss, take_back
from health.alarms.services.outbox import deliver, try_again
from health.alarms.services.reconcile import look
from health.alarms.services.silence import look_for_silence
from health.alarms.services.trying import send_test

__all__ = ["deliver", "dismiss", "look", "look_for_silence", "send_test", "take_back", "try_again"]
