"""The outbox: notices to send, and whether they were sent."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Now

from health.alarms.models.alarms import Alarm
from health.alarms.querysets import NoticeQuerySet


class Channel(models.TextChoices):
    """A way out of the console."""

    MAIL = "mail", "E-mail"
    WEBHOOK = "webhook", "Webhook"


class Event(models.TextChoices):
    """What a notice tells; a narrower band of a secret's end date has a name of its own, as ``band-7``."""

    OPENED = "opened", "Broken"
    CLOSED = "closed", "Recovered"


class Sent(models.TextChoices):
    """How far a notice is."""

    QUEUED = "queued", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Given up"


class Notice(models.Model):
    """One message over one channel, written when it is sent; ``next_at`` is when it may be tried (again).

    A sender moves ``next_at`` on before it tries, so that a notice is not lost with a sender that dies: it is sent
    again, with the same ``id``, by which the other side can tell that it had it before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="notices")
    event = models.CharField(max_length=12)
    channel = models.CharField(max_length=10, choices=Channel)
    state = models.CharField(max_length=10, choices=Sent, default=Sent.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    next_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["next_at"], name="notice_to_send", condition=Q(state="queued"))]
        constraints = [
            models.UniqueConstraint(fields=["alarm", "event", "channel"], name="notice_once"),
            CheckConstraint(condition=Q(channel__in=Channel.values), name="notice_channel_known"),
            CheckConstraint(condition=Q(state__in=Sent.values), name="notice_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.event} by {self.get_channel_display()}"
