"""The findings kept are made to agree with the tables.

It compares, and writes differences alone, so it may run at any time and any number of times.  The comparing is done
by the database: where nothing changed, nothing is read.
"""

import time
import uuid
from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Now

from configurator.db.locks import try_advisory_lock
from health.findings.catalogue import Rule, catalogue
from health.findings.kinds import KINDS
from health.findings.models import Finding, Look
from health.findings.rules import held_by
from health.findings.services.acknowledgements import end_acknowledged

LOCK: Final = 0x66696E64  # "find" in ASCII
AT_ONCE: Final = 2000
KEPT: Final = ("kind", "rank", "home", "name", "detail")

Shown = tuple[str, uuid.UUID, uuid.UUID | None, str, str]  # rule, subject, home, name, detail


def reconcile() -> None:
    """Apply every rule, each in a transaction of its own, so that nobody waits long for a row."""
    begin = time.perf_counter()
    if all(_agree(rule) for rule in catalogue().values()):
        Finding.objects.exclude(rule__in=catalogue()).delete()
        end_acknowledged()
        ms = round((time.perf_counter() - begin) * 1000)
        Look.objects.update_or_create(pk=Look.SINGLE, defaults={"at": Now(), "ms": ms})


@transaction.atomic
def _agree(rule: Rule) -> bool:
    """Make the findings of one rule agree; False while another call is at it."""
    if not try_advisory_lock(LOCK):
        return False
    kept = Finding.objects.filter(rule=rule.key)
    kept.filter(~Exists(held_by(rule.key).filter(pk=OuterRef("subject_id")))).delete()
    same = kept.filter(
        subject_id=OuterRef("pk"), name=OuterRef("shown_name"), detail=OuterRef("detail"), rank=rule.severity.rank
    )
    if rule.kind == "address":
        same = same.filter(home=OuterRef("shown_home"))
    # Read as a whole before the first is stored: a question that is still open would look through all that is new.
    _store(list(_shown(rule).filter(~Exists(same)).values_list(*COLUMNS)))
    return True


def reconcile_objects(kind: str, *pks: uuid.UUID) -> None:
    """Make the findings of these objects agree, in one question for all rules of their kind."""
    first, *more = (
        _shown(rule).filter(pk__in=pks).values_list(*COLUMNS) for rule in catalogue().values() if rule.kind == kind
    )
    held: list[Shown] = list(first.union(*more, all=True))
    still = {(rule, subject) for rule, subject, *_ in held}
    kept = Finding.objects.filter(kind=kind, subject_id__in=pks).values_list("pk", "rule", "subject_id")
    if ended := [pk for pk, rule, subject in kept if (rule, subject) not in still]:
        Finding.objects.filter(pk__in=ended).delete()
    _store(sorted(held, key=lambda shown: shown[:2]))


COLUMNS: Final = ("shown_rule", "pk", "shown_home", "shown_name", "detail")


def _shown(rule: Rule) -> QuerySet[Any]:
    """Return the objects that the rule holds for, with what a finding shows of them."""
    kind = KINDS[rule.kind]
    shown: QuerySet[Any] = held_by(rule.key).annotate(
        shown_rule=Value(rule.key, output_field=CharField()), shown_name=kind.name, shown_home=kind.home
    )
    return shown


def _store(held: Sequence[Shown]) -> None:
    """Add the findings, or bring those that are kept up to date; since when and by whom acknowledged stays."""
    Finding.objects.bulk_create(
        [_finding(*shown) for shown in held],
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["rule", "subject_id"],
        update_fields=KEPT,
    )


def _finding(key: str, subject_id: uuid.UUID, home: uuid.UUID | None, name: str, detail: str) -> Finding:
    """Return a finding of the rule."""
    rule = catalogue()[key]
    return Finding(
        rule=key,
        kind=rule.kind,
        rank=rule.severity.rank,
        subject_id=subject_id,
        home=home,
        name=name,
        detail=detail,
    )
