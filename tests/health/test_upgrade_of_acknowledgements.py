"""Dismissed warnings and acknowledged findings of the release before keep who, when, why and until when."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from django.utils import timezone

from health.acknowledgements.services import take_back
from health.alarms.services.warnings import WarningSubject, end_warnings
from health.findings.models import Finding
from health.models import Acknowledgement
from queues.models import QueueAddress
from tests.migrated import migrate
from tests.people import ACTOR, As, address

BEFORE: Final = [("alarms", "0001_initial"), ("findings", "0003_without_sender_of_other_domain")]
LONG_AGO: Final = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
ENDED: Final = datetime(2026, 3, 9, 8, tzinfo=UTC)
SUBJECT: Final = uuid.UUID(int=7)
# Of a dismissal, by how its acknowledgement is called now.
NEW_NAMES: Final = {"dismissed_by": "acknowledged_by", "dismissed_at": "acknowledged_at"}


def dismissal(**values: Any) -> dict[str, Any]:
    """Return the values of a dismissal."""
    return {
        "id": uuid.uuid4(),
        "kind": "address",
        "subject_id": SUBJECT,
        "name": "info@bücher.example",
        "status": "warning",
        "cause": "read_role_only",
        "band": None,
        "reason": "Read by another client\nuntil May – »known«",
        "until": date(2026, 5, 31),
        "dismissed_by": "kim",
        "dismissed_at": LONG_AGO,
        "ended_at": None,
        "taken_back_by": "",
    } | values


def dismissals() -> list[dict[str, Any]]:
    """Return one that is open, one taken back, one that ended by itself, and one of a secret's end date."""
    return [
        dismissal(),
        dismissal(ended_at=ENDED, taken_back_by="lee", dismissed_by="jo"),
        dismissal(ended_at=ENDED, cause="send_role_missing", until=date(2027, 3, 1)),
        dismissal(kind="secret", subject_id=uuid.uuid4(), cause="secret_ends", band=14, name="x" * 660),
    ]


@pytest.fixture
def box(transactional_db: None) -> QueueAddress:
    """Store an address with its server."""
    return address()


@pytest.fixture
def old(box: QueueAddress) -> Iterator[Any]:
    """Go back to the schema of the release before and return its models; the present one comes back afterwards."""
    try:
        yield migrate(BEFORE)
    finally:
        migrate()


def finding(old: Any, rank: int, **values: Any) -> Any:
    """Store a finding as the release before did."""
    defaults = {"rule": "server_unused", "kind": "incoming_server", "subject_id": uuid.uuid4(), "name": "Contoso"}
    return old.get_model("findings", "Finding").objects.create(rank=rank, **defaults | values)


def test_dismissals_keep_every_value_and_their_key(old: Any) -> None:
    planted = dismissals()
    old.get_model("alarms", "Dismissal").objects.bulk_create(
        old.get_model("alarms", "Dismissal")(**values) for values in planted
    )
    migrate()

    found = {row["id"]: row for row in Acknowledgement.objects.values()}
    assert found == {
        values["id"]: {NEW_NAMES.get(name, name): value for name, value in values.items()} | {"rule": ""}
        for values in planted
    }
    again = {row["id"]: row for row in migrate(BEFORE).get_model("alarms", "Dismissal").objects.values()}
    assert again == {values["id"]: values for values in planted}


def test_acknowledged_findings_keep_every_value(old: Any) -> None:
    told = {"acknowledged_at": LONG_AGO, "acknowledged_by": "kim", "reason": "Kept for the move\nin March."}
    known = {finding(old, rank, **told).pk: severity for rank, severity in enumerate(("error", "warning", "advice"))}
    left = finding(old, 0).pk
    migrate()

    rows = {row.pk: row for row in Finding.objects.select_related("acknowledgement")}
    assert rows[left].acknowledgement is None
    for pk, severity in known.items():
        found = rows[pk].acknowledgement
        assert found
        assert (found.acknowledged_at, found.acknowledged_by, found.reason) == tuple(told.values())
        assert (found.kind, found.subject_id, found.rule) == ("incoming_server", rows[pk].subject_id, "server_unused")
        assert (found.name, found.status, found.until, found.ended_at) == ("Contoso", severity, None, None)
    assert set(Finding.objects.open().filter(rule="server_unused")) == {rows[left]}

    back = migrate(BEFORE).get_model("findings", "Finding").objects
    assert set(back.filter(**told).values_list("pk", flat=True)) == set(known)
    assert back.get(pk=left).acknowledged_at is None


def test_what_came_over_holds_ends_and_is_taken_back(old: Any, box: QueueAddress, signed_in: As) -> None:
    day = timezone.localdate() + timedelta(days=9)
    planted = [
        dismissal(subject_id=box.pk, until=day, dismissed_at=timezone.now()),
        dismissal(
            kind="incoming_server", subject_id=box.server_id, cause="gone", dismissed_at=timezone.now(), until=day
        ),
    ]
    for values in planted:
        old.get_model("alarms", "Dismissal").objects.create(**values)
    migrate()

    assert Acknowledgement.objects.active().of_warnings().count() == len(planted)
    taken = take_back(actor=ACTOR, subject=WarningSubject("address", box.pk), pk=planted[0]["id"])
    assert taken
    assert taken.reason == planted[0]["reason"]
    end_warnings()
    assert not Acknowledgement.objects.open().exists()
    assert signed_in("admin").post(f"/alarms/dismissals/{planted[0]['id']}/take-back/").status_code == 302
