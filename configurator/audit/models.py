"""The table of the audit log, and the states kept of deleted events.

Triggers refuse UPDATE, DELETE and TRUNCATE; only services.record() adds events.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Length, Upper

from configurator.audit.chain import HASHED, digest
from configurator.audit.querysets import OF_IMPORTED_ROW, STATES, TEXT, AuditEventQuerySet
from configurator.links import place

models.CharField.register_lookup(Length)

PENDING = 256  # KB


class EventColumns(models.Model):
    """One event: who did what to which object, when, in which request; the values before and after.

    Names are copied, so an event reads the same after its user or object is deleted.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=64)
    actor_name = models.TextField()
    action = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    object_id = models.CharField(max_length=64, blank=True)
    object_name = models.TextField(blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.seq} {self.actor_name} {self.action} {self.kind} {self.object_name}"

    def get_absolute_url(self) -> str:
        return place("console:audit_event", self.seq)


class AuditEvent(EventColumns):
    """An event of the audit log, chained to the one before."""

    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    MOST = models.BigIntegerField.MAX_BIGINT

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-seq"]
        indexes = [
            models.Index(fields=["kind", "object_id", "-seq"], name="audit_by_object"),
            models.Index(fields=["-at"], name="audit_by_time"),
            models.Index(fields=["actor_id", "-seq"], name="audit_by_actor"),
            models.Index(Upper("actor_name"), models.F("seq").desc(), name="audit_by_name"),
            models.Index(fields=["kind", "-seq"], name="audit_by_kind"),
            models.Index(fields=["action", "-seq"], name="audit_by_action"),
            models.Index(fields=["request_id", "-seq"], name="audit_by_request"),
            models.Index(KT("after__queue__id"), name="audit_by_queue", condition=models.Q(kind="address")),
            models.Index(KT("after__server__id"), name="audit_by_server", condition=models.Q(kind="address")),
            models.Index(
                fields=["kind", "object_name", "seq"],
                name="audit_by_object_name",
                condition=models.Q(action__in=[action.value for action in STATES]),
            ),
            # Without the events of an import's rows, of which there may be fifty thousand.
            models.Index(fields=["-seq"], name="audit_acts", condition=~OF_IMPORTED_ROW),
            models.Index(fields=["-at", "-seq"], name="audit_acts_by_time", condition=~OF_IMPORTED_ROW),
            # Pending entries are merged often, since the next writer waits for that.
            GinIndex(fields=["after"], name="audit_by_value", gin_pending_list_limit=PENDING),
            GinIndex(OpClass(TEXT, name="gin_trgm_ops"), name="audit_by_text", gin_pending_list_limit=PENDING),
        ]
        constraints = [
            # Two events never follow the same one, whatever wrote them. Not unique=True: that adds a second index.
            models.UniqueConstraint(fields=["previous_hash"], name="audit_one_chain"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_seq_from_one"),
            models.CheckConstraint(
                condition=~models.Q(action="") & ~models.Q(kind="") & ~models.Q(actor_name=""),
                name="audit_says_who_and_what",
            ),
            models.CheckConstraint(
                condition=models.Q(hash__length=64, previous_hash__length=64), name="audit_hash_length"
            ),
        ]

    def computed_hash(self) -> str:
        """The hash of its present content."""
        return digest({name: getattr(self, name) for name in HASHED})


class Baseline(EventColumns):
    """An object's state when its older events were deleted, under the number of the last of these."""

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="audit_one_baseline")]
        indexes = [
            models.Index(fields=["kind", "object_name", "seq"], name="audit_baseline_by_name"),
            models.Index(KT("after__queue__id"), name="audit_baseline_by_queue", condition=models.Q(kind="address")),
            models.Index(KT("after__server__id"), name="audit_baseline_by_server", condition=models.Q(kind="address")),
        ]


class StateEvent(EventColumns):
    """The events from which states are computed: those of the log, after the states kept of deleted ones."""

    MOST = AuditEvent.MOST

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "audit_state"
        default_permissions = ()
