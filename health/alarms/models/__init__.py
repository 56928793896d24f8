"""Alarms with what they are about, and the notices of them."""

from health.alarms.models.alarms import ENDING, Alarm, AlarmSubject, Left, Topic
from health.alarms.models.notices import Channel, Event, Notice, Sent

__all__ = ["ENDING", "Alarm", "AlarmSubject", "Channel", "Event", "Left", "Notice", "Sent", "Topic"]
