"""Alarms with what they are about, the notices of them, and dismissed warnings."""

from health.alarms.models.alarms import ENDING, Alarm, AlarmSubject, Left, Topic
from health.alarms.models.dismissals import Dismissal
from health.alarms.models.notices import Channel, Event, Notice, Sent

__all__ = ["ENDING", "Alarm", "AlarmSubject", "Channel", "Dismissal", "Event", "Left", "Notice", "Sent", "Topic"]
