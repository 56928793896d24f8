"""The files of a support bundle, row by row: settings, status, results, findings, audit events.

Each file names the columns that it reads; no secret, no fingerprint and no envelope is among them.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import Coalesce

from configurator.accounts.audit_scope import seen_by
from configurator.audit.models import AuditEvent
from configurator.status import Checked
from configurator.vault.models import SealedSecret
from health.findings.models import Finding
from queues.models import QueueAddress
from support.extent import MODELS, Extent
from tokenchecks.models import CheckRun, Watch

Row = dict[str, Any]
CHUNK: Final = 1_000
# At most so many of each, the newest or the worst first.
SUBJECTS: Final = 500
CHECKS: Final = 3
EVENTS: Final = 5_000
FINDINGS: Final = 10_000
KEPT_OF_CHECK: Final = [field.name for field in Checked._meta.fields]
WATCHED: Final = (
    "kind", "subject_id", "name", "status", "cause", "code", "error_class", "who", "since", "checked_at",
    "last_good_at", "due_at", "bad_samples",
)  # fmt: skip
OF_RUN: Final = (
    "id", "kind", "subject_id", "subject_name", "client_id", "requested_at", "requested_by", "finished_at",
)  # fmt: skip
OF_RESULT: Final = ("status", "cause", "code", "correlation_id", "stages")
FOUND: Final = ("rule", "kind", "subject_id", "name", "detail", "found_at")
ACKNOWLEDGED: Final[dict[str, Any]] = {
    "acknowledged_at": F("acknowledgement__acknowledged_at"),
    "acknowledged_by": Coalesce("acknowledgement__acknowledged_by", Value("")),
    "reason": Coalesce("acknowledgement__reason", Value("")),
}
RECORDED: Final = (
    "seq", "at", "actor_name", "action", "kind", "object_id", "object_name", "before", "after", "request_id",
)  # fmt: skip


def configuration(kind: str) -> Callable[[Extent], Iterator[Row]]:
    """Return the function of the objects of a kind; of a secret only whether it is stored, and since when."""
    model: type[Model] = {**MODELS, "address": QueueAddress}[kind]

    def rows(extent: Extent) -> Iterator[Row]:
        names, secrets = _columns(model)
        for row in extent.rows.get(kind, model._default_manager.none()).order_by("pk").values(*names).iterator(CHUNK):
            yield {name: value for name, value in row.items() if name.partition("__")[0] not in secrets} | {
                name: _stored(row, name) for name in secrets
            }

    return rows


def _columns(model: Any) -> tuple[list[str], list[str]]:
    """Return the columns to read, and the names of the fields that hold a secret."""
    names, secrets = ["id"], []
    for name in model.audit_fields:
        related = model._meta.get_field(name).related_model
        if related is SealedSecret:
            secrets.append(name)
            names += [f"{name}__set_at", f"{name}__set_by_name"]
        else:
            names += [f"{name}_id", f"{name}__name"] if related else [name]
    names += [name for name in KEPT_OF_CHECK if issubclass(model, Checked)]
    return [*names, "version", "changed_at", "changed_by"], secrets


def _stored(row: Row, name: str) -> Row | None:
    """Return when a secret was set and by whom; None where there is none."""
    set_at = row[f"{name}__set_at"]
    return {"stored": True, "set_at": set_at, "set_by_name": row[f"{name}__set_by_name"]} if set_at else None


def statuses(extent: Extent) -> Iterator[Row]:
    """Yield the status of everything that is watched, the worst first."""
    yield from _watched(extent).values(*WATCHED).iterator(CHUNK)


def _watched(extent: Extent) -> QuerySet[Watch]:
    return Watch.objects.visible_to(extent.queues).filter(extent.subjects()).order_by("rank", "-since", "id")


def checks(extent: Extent) -> Iterator[Row]:
    """Yield the last checks of each, stage by stage: of 500, the worst first."""
    for kind, subject in _watched(extent).values_list("kind", "subject_id")[:SUBJECTS]:
        ended = CheckRun.objects.of(kind, subject).filter(result__isnull=False).select_related("result")
        for run in ended[:CHECKS]:
            yield _of(run, OF_RUN) | _of(run.result, OF_RESULT)


def _of(row: Model, names: tuple[str, ...]) -> Row:
    return {name: getattr(row, name) for name in names}


def findings(extent: Extent) -> Iterator[Row]:
    """Yield the findings, acknowledged or not."""
    rows = Finding.objects.visible_to(extent.queues).filter(extent.subjects()).worst_first()
    for row in rows.values("rank", *FOUND, **ACKNOWLEDGED)[:FINDINGS].iterator(CHUNK):
        finding = Finding(rank=row.pop("rank"), rule=row["rule"])
        about = finding.about
        yield row | {"severity": finding.severity.value, "title": about.title, "remedy": about.remedy}


def events(extent: Extent) -> Iterator[Row]:
    """Yield the audit events of these objects, the newest first."""
    about = AuditEvent.objects.filter(extent.subjects("object_id", as_text=True))
    rows = seen_by(extent.user, about).order_by("-seq")
    yield from rows.values(*RECORDED)[:EVENTS].iterator(CHUNK)
