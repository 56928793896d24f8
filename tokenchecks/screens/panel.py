"""The check panel: a run's stages in words, with who corrects what and where."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone

from configurator.accounts.scope import WHOLE, Scope
from configurator.status import Status
from queues.models import QueueAddress
from tokenchecks.engine.explain.diagnose import Finding, besides
from tokenchecks.engine.explain.explanation import Explanation, explain_cause
from tokenchecks.engine.explain.labels import Place
from tokenchecks.engine.results import STAGES, StageResult
from tokenchecks.engine.subject import Kind as EngineKind
from tokenchecks.models import CheckResult, CheckRun, Kind, Purpose, State
from tokenchecks.screens.proof import PROOFS, Proof
from tokenchecks.subjects.stored_rows import ENGINE_KIND, stored
from tokenchecks.subjects.transcript import outcome_of, stage_restored

Link = Callable[[StageResult], str]

TITLES = {
    "settings": "Settings",
    "tenant": "Tenant",
    "token": "Token",
    "claims": "Claims",
    "mailbox": "Mailbox",
    "send": "Send right",
    "expiry": "Expiry",
}
BROKER_SILENT = (
    "The check waits for the broker (Redis), which does not answer. "
    "Nothing is lost: it starts by itself when the broker is back."
)
HELD = (
    "The check waits until {:%H:%M:%S} UTC, so that Microsoft is not asked too often with the same credential. "
    "It starts by itself."
)
PATIENCE = timedelta(seconds=8)
# The object whose right to modify it a field needs.
RIGHT_OBJECT = {Kind.INCOMING: "incoming_server", Kind.OUTGOING: "outgoing_server", Kind.ADDRESS: "queue"}
# How a stage ended: its mark, the word for screen readers, and the text where the stage has none.
MARKS = {
    "ok": ("✓", "OK", "in order"),
    "warning": ("▲", "Warning", ""),
    "broken": ("✕", "Broken", ""),
    "not_reached": ("–", "Skipped", "not reached"),
    "not_needed": ("–", "Skipped", "not needed"),
    "running": ("◔", "Checking", "checking…"),
    "ahead": ("○", "To come", "to come"),
}


@dataclass(frozen=True)
class Line:
    """One stage on the panel."""

    title: str
    outcome: str
    result: StageResult | None = None
    words: Explanation | None = None
    field_url: str = ""
    field_right: str = ""
    kind: EngineKind = "incoming"

    @property
    def others(self) -> tuple[Finding, ...]:
        """What else it may be, likeliest first, with what would tell it apart."""
        return besides(self.result.code, self.result.cause, self.kind) if self.result and self.words else ()

    @property
    def shape(self) -> str:
        """The mark that tells outcomes apart without colour."""
        return MARKS[self.outcome][0]

    @property
    def spoken(self) -> str:
        """The mark as a word."""
        return MARKS[self.outcome][1]

    @property
    def said(self) -> str:
        """What the stage found, in half a line."""
        if self.words:
            return self.words.title
        return (self.result.detail if self.result else "") or MARKS[self.outcome][2]

    @property
    def code(self) -> str:
        """Microsoft's code, "" for a finding of the console, whose code nobody could look up."""
        if self.result and (self.result.provider_words or self.result.correlation_id):
            return self.result.code
        return ""

    @property
    def took_place(self) -> bool:
        return bool(self.result) and self.outcome in ("ok", "warning", "broken")

    @property
    def started(self) -> datetime | None:
        """When it began; results have the time of their end."""
        return self.result.at - timedelta(milliseconds=self.result.ms) if self.result else None

    @property
    def proof(self) -> Proof | None:
        """What it proves when it passes, and what not."""
        return PROOFS[self.result.stage] if self.result else None

    @property
    def for_support(self) -> str:
        """What Microsoft's support needs, as one line to copy."""
        if not self.result:
            return ""
        correlation = f"Correlation ID: {self.result.correlation_id}" if self.result.correlation_id else ""
        parts = (self.result.code, self.result.provider_words, correlation, f"{self.result.at:%Y-%m-%d %H:%M:%S} UTC")
        return " ".join(filter(None, parts))


@dataclass(frozen=True)
class Panel:
    run: CheckRun | None
    status: Status
    lines: list[Line] = field(default_factory=list)
    decisive: Line | None = None
    waiting: str = ""
    row: Any = None
    # The queues and addresses that are counted.
    scope: Scope = WHOLE

    @property
    def is_open(self) -> bool:
        """Whether the page goes on polling."""
        return bool(self.run and self.run.is_open)

    @property
    def for_support(self) -> str:
        """The whole check as Microsoft's support needs it: requests, answers, and their IDs."""
        text = [f"{self.run}, {self.run.requested_at:%Y-%m-%d %H:%M:%S} UTC"] if self.run else []
        for line in self.lines:
            if line.result and line.took_place:
                text.append(f"{line.title}: {line.spoken}, {line.result.ms} ms")
                text += [f"  Asked: {asked}" for asked in line.result.asked]
                text.append(f"  HTTP {line.result.status or '–'} {line.for_support}")
        return "\n".join(text)

    @property
    def subject_url(self) -> str:
        """The subject's page, "" when it was deleted."""
        row = self.row or (stored(self.run.kind, self.run.subject_id) if self.run else None)
        return row.get_absolute_url() if row else ""

    @property
    def stops(self) -> str:
        """What a broken server stops, in words; "" for anything else."""
        if not self.run or self.run.kind != Kind.INCOMING or self.status != Status.BROKEN:
            return ""
        used = QueueAddress.objects.visible_to(self.scope).filter(server=self.run.subject_id)
        held = used.aggregate(queues=Count("queue", distinct=True), addresses=Count("pk"))
        queues, addresses = held["queues"], held["addresses"]
        if not addresses:
            return ""
        return f"{queues} queue{pluralize(queues)}, {addresses} address{pluralize(addresses, 'es')}"


def panel_of(run: CheckRun | None, row: Any = None, link: Link | None = None, scope: Scope = WHOLE) -> Panel:
    """Return the panel of a run with its result loaded; None for a subject that was never checked.

    ``row`` is the subject, if the caller has it; otherwise it is queried for each link to a field. ``link`` returns the
    link to the field that corrects a stage, where that is not in the stored subject.
    """
    if run is None:
        return Panel(None, Status.UNCHECKED)
    result: CheckResult | None = getattr(run, "result", None)
    results = [stage_restored(stage) for stage in (result.stages if result else run.progress)]
    lines = _lines(run, results, link or (lambda stage: field_url(run, stage, row)))
    decisive = next((line for line in lines if line.outcome == "broken"), None) or next(
        (line for line in lines if line.outcome == "warning"), None
    )
    status = status_of(run)
    return Panel(run, status, lines, decisive, waiting_for(run), row, scope)


def status_of(run: CheckRun) -> Status:
    """Return the run's status: its result, Checking, or Not checked where its subject was deleted."""
    result: CheckResult | None = getattr(run, "result", None)
    if result:
        return Status(result.status)
    if run.is_open:
        return Status.CHECKING
    # What is no history has no result, only its stages on the run.
    kept = run.progress and run.purpose != Purpose.CHECK
    return Status(outcome_of(run.progress).status) if kept else Status.UNCHECKED


def waiting_for(run: CheckRun) -> str:
    """Return what an open run waits for, in words; "" when it is running or done."""
    if run.state != State.QUEUED:
        return ""
    if run.notify_failed:
        return BROKER_SILENT
    if run.not_before and run.not_before > timezone.now():
        return HELD.format(run.not_before)
    if timezone.now() - run.requested_at > PATIENCE:
        return "The check waits for a free worker. It starts by itself."
    return "The check is queued."


def _lines(run: CheckRun, results: list[StageResult], link: Link) -> list[Line]:
    done = [_line(run, result, link) for result in results]
    if not run.is_open:
        return done
    ahead = list(STAGES[len(results) :])
    running = ["running"] if run.state == State.RUNNING and ahead else []
    outcomes = running + ["ahead"] * (len(ahead) - len(running))
    return done + [Line(TITLES[stage], outcome) for stage, outcome in zip(ahead, outcomes, strict=True)]


def _line(run: CheckRun, result: StageResult, link: Link) -> Line:
    kind = ENGINE_KIND[run.kind]
    words = explain_cause(result.cause, kind, run.client_id, _place(run)) if result.cause else None
    right = f"{RIGHT_OBJECT[owner_of(run, result)]}.modify"
    return Line(TITLES[result.stage], result.outcome, result, words, link(result), right, kind)


def _place(run: CheckRun) -> Place:
    """Return where the run's values were entered, if not in the usual fields."""
    if run.purpose == Purpose.NEXT_SECRET:
        return "next_secret"
    return "mailbox_to_try" if run.purpose == Purpose.TRIAL and run.kind == Kind.INCOMING else ""


def owner_of(run: CheckRun, result: StageResult) -> Kind:
    """Return the kind of the object that has the field that corrects the stage."""
    if result.owner == "queue_address" or (run.kind == Kind.ADDRESS and result.owner != "incoming_server"):
        return Kind.ADDRESS
    return Kind.OUTGOING if run.kind == Kind.OUTGOING else Kind.INCOMING


def field_url(run: CheckRun, result: StageResult, row: Any = None) -> str:
    """Return the link to the field that corrects it, "" where no field of the console does."""
    if not result.field:
        return ""
    owner = owner_of(run, result)
    if owner == Kind.OUTGOING:
        return f"{reverse('mailsettings:outgoing')}#id_{result.field}"
    row = row or stored(run.kind, run.subject_id)
    if not row:
        return ""
    if owner == Kind.ADDRESS:
        return f"{reverse('queues:queue', args=[row.queue_id])}?address={row.pk}#id_address_{result.field}"
    server = getattr(row, "server_id", run.subject_id)
    return f"{reverse('mailsettings:incoming', args=[server])}#id_{result.field}"
