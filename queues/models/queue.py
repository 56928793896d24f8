"""E-mail queues."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q

from configurator.accounts.models import QueueGroup
from configurator.console.records.names import Named
from configurator.console.records.record import Record
from configurator.db.trigram import substring_index
from configurator.links import place
from configurator.status import Status
from mailsettings.validators import plain_line, plain_text
from queues.languages import described
from queues.numbers import HIGHEST, within
from queues.querysets import QueueQuerySet
from queues.validators import LANGUAGE_TAG, language_tag


@dataclass(frozen=True)
class Effective:
    """A value in effect, and in words where it comes from."""

    value: Any
    origin: str
    words: str = ""

    def __str__(self) -> str:
        return f"{self.words or self.value}, {self.origin}" if self.origin else str(self.words or self.value)


class NotDefined(models.IntegerChoices):
    """A setting of the E-Mail Settings block that is switched on or off for the queue; empty is Not Defined."""

    ON = 1, "On"
    OFF = 0, "Off"


SYSTEM_DEFAULT = "system default"


class Queue(Named, Record):
    SYSTEM_MAX_EMAIL_KB = 25_600
    WEEK = 7 * 24 * 60 * 60
    # The system's own values, as far as SC's manual names them.
    SYSTEM = {
        "max_email_kb": Effective(SYSTEM_MAX_EMAIL_KB, SYSTEM_DEFAULT),
        "preferred_agent": Effective(NotDefined.ON, SYSTEM_DEFAULT, NotDefined.ON.label),
        "required_agent_expiry": Effective(WEEK, SYSTEM_DEFAULT, f"{WEEK} (one week)"),
    }
    AS_SET = Effective(None, "", "as the system is set")

    name = models.CharField("Name", max_length=200, validators=[plain_line])
    description = models.TextField("Description", blank=True, max_length=2000, validators=[plain_text])
    language = models.CharField("Queue Language", max_length=35, blank=True, validators=[language_tag])
    group = models.ForeignKey(
        QueueGroup, models.PROTECT, null=True, blank=True, verbose_name="Queue Group", related_name="queues"
    )
    enabled = models.BooleanField("Enabled", default=True)
    priority = models.PositiveIntegerField("Priority", default=1, validators=within("priority"))
    queue_size = models.IntegerField("Queue Size", default=-1, validators=within("queue_size"))
    pick_timeout_ms = models.PositiveIntegerField(
        "Timeout for Contacts to be Picked or Rejected (ms)", default=120_000, validators=within("pick_timeout_ms")
    )
    max_email_kb = models.PositiveIntegerField(
        "Max. E-Mail Size (KB)", null=True, blank=True, validators=within("max_email_kb")
    )
    preferred_agent = models.PositiveSmallIntegerField("Preferred Agent", null=True, blank=True, choices=NotDefined)
    accept_time_limit = models.PositiveIntegerField(
        "Time Limit for Accepting E-Mails", null=True, blank=True, validators=within("accept_time_limit")
    )
    required_agent = models.PositiveSmallIntegerField(
        "Use Required Agent Instead of Preferred Agent", null=True, blank=True, choices=NotDefined
    )
    required_agent_expiry = models.PositiveIntegerField(
        "Default Expiry Time for Required Agent", null=True, blank=True, validators=within("required_agent_expiry")
    )
    picking_by_others = models.PositiveSmallIntegerField(
        "Allow Picking by Other Communication Panel Agents", null=True, blank=True, choices=NotDefined
    )

    # The worst state among its addresses, written with theirs, so that a list does not read a hundred thousand.
    status = models.CharField("Status", max_length=10, choices=Status, default=Status.UNCHECKED, editable=False)

    objects = QueueQuerySet.as_manager()

    audit_kind = "queue"
    audit_fields = (
        "name",
        "description",
        "language",
        "group",
        "enabled",
        "priority",
        "queue_size",
        "pick_timeout_ms",
        "max_email_kb",
        "preferred_agent",
        "accept_time_limit",
        "required_agent",
        "required_agent_expiry",
        "picking_by_others",
    )

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "queue"
        indexes = [
            models.Index(fields=["name", "id"], name="queue_by_name"),
            models.Index(fields=["name_key"], name="queue_by_name_key"),
            models.Index(fields=["status", "name", "id"], name="queue_by_status"),
            models.Index(fields=["priority", "name", "id"], name="queue_by_priority"),
            models.Index(fields=["language", "name", "id"], name="queue_by_language"),
            models.Index(fields=["enabled", "name", "id"], name="queue_by_enabled"),
            substring_index("name", "description", name="queue_by_substring"),
        ]
        constraints = [
            CheckConstraint(
                condition=Q(name__regex=r"\S") & Q(name__regex=r"^[^[:cntrl:]]*$"),
                name="queue_name_on_one_line",
                violation_error_message="Enter a name, on one line.",
            ),
            CheckConstraint(
                condition=Q(language="") | Q(language__regex=f"^{LANGUAGE_TAG.pattern}$"),
                name="queue_language_is_tag",
                violation_error_message="Enter a language tag such as en, de or pt-BR.",
            ),
            CheckConstraint(condition=Q(priority__gte=1), name="queue_priority_from_1"),
            CheckConstraint(condition=Q(queue_size__gte=-HIGHEST), name="queue_size_in_range"),
            CheckConstraint(
                condition=Q(max_email_kb__isnull=True) | Q(max_email_kb__gte=1), name="queue_size_from_1_kb"
            ),
            CheckConstraint(
                condition=Q(required_agent__isnull=True)
                | ~Q(required_agent=1)
                | Q(preferred_agent=1, preferred_agent__isnull=False),
                name="queue_required_needs_preferred_agent",
                violation_error_message="Use Required Agent Instead of Preferred Agent needs Preferred Agent on.",
            ),
            *(
                CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__in": [0, 1]}),
                    name=f"queue_{name}_known",
                )
                for name in ("preferred_agent", "required_agent", "picking_by_others")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return place("queues:queue", self.pk)

    @property
    def effective_language(self) -> Effective:
        """The queue's language, or the system default."""
        if self.language:
            return Effective(self.language, "this queue", described(self.language))
        return self.system_language

    @property
    def system_language(self) -> Effective:
        """The language where none is set."""
        return Effective(settings.LANGUAGE_DEFAULT, SYSTEM_DEFAULT, described(settings.LANGUAGE_DEFAULT))

    def inherited(self, name: str) -> Effective | None:
        """Return the value in effect while the field is empty; None for a field that inherits nothing."""
        if name == "language":
            return self.system_language
        if self._meta.get_field(name).null and not self._meta.get_field(name).is_relation:
            return self.SYSTEM.get(name, self.AS_SET)
        return None
