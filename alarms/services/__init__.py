"""Every write to alarms, notices and dismissals."""

from alarms.services.dismissing import dismiss, take_back
from alarms.services.looking import look
from alarms.services.outbox import deliver, try_again
from alarms.services.silence import look_for_silence
from alarms.services.trying import send_test

__all__ = ["deliver", "dismiss", "look", "look_for_silence", "send_test", "take_back", "try_again"]
