"""An import: the file's rows, what each would do, and how far it is."""

import json
import uuid
import zlib
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Now
from django.urls import reverse

from configurator.audit.choices import IMPORT
from configurator.jobs.lease import LEASE
from configurator.jobs.models import Job
from configurator.vault.envelope import Context
from configurator.vault.pieces import open_piece
from imports.querysets import ImportQuerySet
from imports.reader.limits import LONGEST

# The number of a row in its file, its cells, and by label why one of them cannot be taken.
Cells = tuple[int, list[str], dict[str, str]]


class State(models.TextChoices):
    """Where an import is on its way."""

    RECEIVED = "received", "Waiting to be read"
    READING = "reading", "Being read"
    NOT_READ = "not_read", "Not read"
    WAITING = "waiting", "Waiting for the dry run"
    CHECKING = "checking", "Dry run under way"
    READY = "ready", "Dry run done"
    QUEUED = "queued", "Waiting to be applied"
    APPLYING = "applying", "Being applied"
    APPLIED = "applied", "Applied"
    REFUSED = "refused", "Not applied"
    INTERRUPTED = "interrupted", "Interrupted"


TO_CLAIM = (State.RECEIVED, State.WAITING, State.QUEUED)
UNDER_WAY = (State.READING, State.CHECKING, State.APPLYING)
OPEN = (*TO_CLAIM, *UNDER_WAY)


class Format(models.TextChoices):
    """The formats that are read. Only in SC's own a blank cell is an empty value."""

    TAB = "tab", "SC's own"
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


class Outcome(models.TextChoices):
    """What becomes of a row's object."""

    CREATED = "created", "Created"
    CHANGED = "changed", "Changed"
    DELETED = "deleted", "Deleted"
    UNCHANGED = "unchanged", "Unchanged"
    REFUSED = "refused", "Refused"

    @property
    def shape(self) -> str:
        """The mark that tells the outcome apart without colour."""
        return {"created": "+", "changed": "~", "deleted": "−", "unchanged": "=", "refused": "✕"}[self.value]

    @property
    def tone(self) -> str:
        return {"created": "ok", "changed": "checking", "deleted": "warning", "refused": "broken"}.get(self.value, "")


WRITTEN = (Outcome.DELETED, Outcome.CHANGED, Outcome.CREATED)  # in the order in which they are applied


class Import(Job):
    """One uploaded file. Of secrets its rows hold nothing, and its bytes lie sealed until they are read."""

    TASK = "imports.tasks.work"
    WAITING, RUNNING = TO_CLAIM, UNDER_WAY
    # What reads a file is ended before that, and nothing prolongs the lease meanwhile.
    LEASES = {State.READING: timedelta(seconds=LONGEST + 50), State.CHECKING: LEASE, State.APPLYING: LEASE}
    ATTEMPTS = 3

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    format = models.CharField(max_length=4, choices=Format, blank=True)
    labels = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    # Of a workbook: the sheet that is or was to be read, the others that are not hidden, and which was open at last.
    sheet = models.CharField(max_length=100, blank=True)
    sheets = models.JSONField(default=list)
    active_sheet = models.CharField(max_length=100, blank=True)
    head_row = models.PositiveIntegerField(default=1)  # names the columns
    remarks = models.JSONField(default=list)  # sentences on the file as a whole, to be read before it is applied
    uploaded_at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    user_name = models.CharField(max_length=150)
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    said = models.TextField(blank=True)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    changes = models.JSONField(default=list)  # each a ColumnChange
    ended_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-uploaded_at"]
        indexes = [
            models.Index(fields=["-uploaded_at"], name="import_by_time"),
            models.Index(fields=["uploaded_at"], name="import_open", condition=Q(state__in=OPEN)),
        ]
        constraints = [
            CheckConstraint(condition=Q(state__in=State.values), name="import_state_known"),
            CheckConstraint(
                condition=~Q(state__in=UNDER_WAY) | Q(lease_until__isnull=False), name="import_under_way_has_lease"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.name})"

    def get_absolute_url(self) -> str:
        return reverse("imports:import", args=[self.pk])

    @property
    def name(self) -> str:
        """What the audit log calls its events by."""
        return f"{IMPORT}{self.pk.hex[:12]}"

    @property
    def is_open(self) -> bool:
        """Whether a worker has it, or shall."""
        return self.state in OPEN

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether no worker has it yet, though one shall."""
        return self.state in TO_CLAIM

    @property
    def to_write(self) -> int:
        """How many rows would change something."""
        return sum(self.counts.get(outcome, 0) for outcome in WRITTEN)


class ImportPiece(models.Model):
    """Some of the bytes of a file that waits to be read, sealed for this place."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="pieces", db_index=False)
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="import_piece_once")]

    def __str__(self) -> str:
        return f"piece {self.number}"

    @classmethod
    def context(cls, of: uuid.UUID, number: int) -> Context:
        """Return the place that a piece is sealed for."""
        return Context(table=cls._meta.db_table, row=str(of), field=str(number), destination="")

    @property
    def place(self) -> Context:
        return self.context(self.of_id, self.number)

    def open(self) -> bytes:
        """Return the bytes; SecretUnreadable where their key is gone."""
        return open_piece(bytes(self.sealed), self.place)


class ImportPart(models.Model):
    """Some hundred rows of a file, packed, as text that may hold signs which the database's own texts cannot."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    packed = models.BinaryField()

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="import_part_once")]

    def __str__(self) -> str:
        return f"part {self.number}"

    @classmethod
    def pack(cls, of: Import, number: int, rows: list[Cells]) -> Self:
        return cls(of=of, number=number, packed=zlib.compress(json.dumps(rows).encode(), 1))

    def unpack(self) -> list[Cells]:
        rows: list[Any] = json.loads(zlib.decompress(bytes(self.packed)))
        return [(number, cells, faults) for number, cells, faults in rows]


class ImportRow(models.Model):
    """What the dry run found that a row would do; ``errors`` and ``notes`` are pairs of column and message."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="found", db_index=False)
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    object_id = models.UUIDField(null=True)
    object_name = models.TextField(blank=True)
    version = models.PositiveIntegerField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    notes = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="import_row_once"),
            CheckConstraint(condition=Q(outcome__in=Outcome.values), name="import_outcome_known"),
        ]
        indexes = [models.Index(fields=["of", "outcome", "number"], name="import_row_by_outcome")]

    def __str__(self) -> str:
        return f"row {self.number}: {self.object_name}"
