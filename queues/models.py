"""E-mail queues and their addresses."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, Q
from django.urls import reverse

from configurator.console.records import Record
from configurator.console.status import Checked
from configurator.vault.envelope import Context, destination
from configurator.vault.models import SealedSecret
from mailsettings.models import IncomingServer
from mailsettings.validators import plain_line
from queues.querysets import QueueAddressQuerySet, QueueQuerySet
from queues.validators import account_name, canonical_address, full_address, language_tag

MAX_INTEGER = 2_147_483_647
PRIORITY_RULES = [
    MinValueValidator(1, "A priority is a whole number from 1 up; the lowest value is the highest priority."),
    MaxValueValidator(MAX_INTEGER, f"A priority is at most {MAX_INTEGER}."),
]


@dataclass(frozen=True)
class Effective:
    """A value that counts, and in words where it comes from."""

    value: Any
    origin: str


class NotDefined(models.IntegerChoices):
    """A setting of the E-Mail Settings block that is switched on or off for the queue; empty is Not Defined."""

    ON = 1, "On"
    OFF = 0, "Off"


class Queue(Record):
    """An e-mail queue."""

    SYSTEM_MAX_EMAIL_KB = 25_600
    WEEK = 7 * 24 * 60 * 60

    name = models.CharField("Name", max_length=200, validators=[plain_line])
    description = models.TextField("Description", blank=True, max_length=2000)
    language = models.CharField("Queue Language", max_length=35, blank=True, validators=[language_tag])
    enabled = models.BooleanField("Enabled", default=True)
    priority = models.PositiveIntegerField("Priority", default=1, validators=PRIORITY_RULES)
    queue_size = models.IntegerField("Queue Size", default=-1)
    pick_timeout_ms = models.PositiveIntegerField(
        "Timeout for Contacts to be Picked or Rejected (ms)",
        default=120_000,
        validators=[MaxValueValidator(MAX_INTEGER)],
    )
    max_email_kb = models.PositiveIntegerField(
        "Max. E-Mail Size (KB)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_INTEGER)],
    )
    preferred_agent = models.PositiveSmallIntegerField(
        "Preferred Agent", null=True, blank=True, choices=NotDefined
    )
    accept_time_limit = models.PositiveIntegerField(
        "Time Limit for Accepting E-Mails", null=True, blank=True, validators=[MaxValueValidator(MAX_INTEGER)]
    )
    required_agent = models.PositiveSmallIntegerField(
        "Use Required Agent Instead of Preferred Agent", null=True, blank=True, choices=NotDefined
    )
    required_agent_expiry = models.PositiveIntegerField(
        "Default Expiry Time for Required Agent",
        null=True,
        blank=True,
        validators=[MaxValueValidator(MAX_INTEGER)],
    )
    picking_by_others = models.PositiveSmallIntegerField(
        "Allow Picking by Other Communication Panel Agents", null=True, blank=True, choices=NotDefined
    )

    objects = QueueQuerySet.as_manager()

    audit_kind = "queue"
    audit_fields = (
        "name",
        "description",
        "language",
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
        indexes = [models.Index(fields=["name", "id"], name="queue_by_name")]
        constraints = [
            CheckConstraint(
                condition=~Q(name=""), name="queue_name_required", violation_error_message="Enter a name."
            ),
            CheckConstraint(condition=Q(priority__gte=1), name="queue_priority_from_1"),
            CheckConstraint(
                condition=~Q(required_agent=1) | Q(preferred_agent=1),
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
        return reverse("queues:queue", args=[self.pk])

    @property
    def effective_language(self) -> Effective:
        """The queue's language, or the system default."""
        if self.language:
            return Effective(self.language, "this queue")
        return Effective(settings.LANGUAGE_DEFAULT, "system default")


class QueueAddress(Record, Checked):
    """One e-mail address of a queue, and the mailbox account behind it."""

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="addresses")
    address = models.CharField("Address", max_length=320, validators=[full_address])
    address_key = models.CharField(max_length=340, editable=False)
    priority = models.PositiveIntegerField("Priority", null=True, blank=True, validators=PRIORITY_RULES)
    extension_language = models.CharField(
        "Extension Language", max_length=35, blank=True, validators=[language_tag]
    )
    account = models.CharField("E-Mail Account", max_length=320, validators=[account_name])
    password = models.OneToOneField(
        SealedSecret, models.PROTECT, null=True, blank=True, editable=False, related_name="queue_address"
    )
    sender = models.CharField("Sender", max_length=320, blank=True, validators=[full_address])
    server = models.ForeignKey(
        IncomingServer, models.PROTECT, verbose_name="E-Mail Server", related_name="addresses"
    )

    objects = QueueAddressQuerySet.as_manager()

    audit_kind = "address"
    audit_fields = (
        "queue",
        "address",
        "priority",
        "extension_language",
        "account",
        "password",
        "sender",
        "server",
    )

    class Meta:
        ordering = ["address_key"]
        verbose_name = "queue address"
        constraints = [
            models.UniqueConstraint(
                fields=["address_key"],
                name="address_on_one_queue",
                violation_error_message="This address is already on a queue.",
            ),
            CheckConstraint(condition=Q(address__contains="@"), name="address_is_full"),
            CheckConstraint(condition=~Q(account=""), name="address_account_required"),
            CheckConstraint(
                condition=Q(priority__isnull=True) | Q(priority__gte=1), name="address_priority_from_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} ({self.queue})"

    def clean(self) -> None:
        """Keep the form that addresses are compared in."""
        self.address_key = canonical_address(self.address)

    def get_absolute_url(self) -> str:
        return f"{self.queue.get_absolute_url()}?address={self.pk}#numbers-addresses"

    @property
    def effective_priority(self) -> Effective:
        """The address's Priority, which overrides the one of the queue's Contact Management."""
        if self.priority is not None:
            return Effective(self.priority, "this address")
        return Effective(self.queue.priority, "the queue's Contact Management")

    @property
    def effective_language(self) -> Effective:
        """The address's Extension Language, which overrides the queue's."""
        if self.extension_language:
            return Effective(self.extension_language, "this address")
        inherited = self.queue.effective_language
        return Effective(inherited.value, "the queue" if self.queue.language else inherited.origin)

    @property
    def incomplete(self) -> bool:
        """Whether OAuth User lacks the password that it needs for the server as it is now."""
        if self.server.is_service:
            return False
        return not (self.password and self.password.belongs_to(self.secret_context))

    @property
    def secret_context(self) -> Context:
        """What the password is sealed for: this row's field, and the account and tenant it is sent to."""
        return Context(
            table=self._meta.db_table,
            row=str(self.pk),
            field="password",
            destination=destination(self.server.login_host, str(self.server.tenant_id), self.account.lower()),
        )
