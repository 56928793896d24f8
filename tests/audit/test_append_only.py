"""The database refuses to change, delete or empty the trail, whoever asks and by whatever way."""

from collections.abc import Callable

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import DatabaseError

from configurator.audit.models import AuditEvent

Trail = Callable[[int], list[AuditEvent]]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET actor_name = 'bob'",
        "UPDATE audit_auditevent SET actor_name = 'bob' WHERE seq = -1",
        "DELETE FROM audit_auditevent",
        "DELETE FROM audit_auditevent WHERE seq = 2",
        "TRUNCATE audit_auditevent",
        "TRUNCATE audit_auditevent CASCADE",
        "MERGE INTO audit_auditevent e USING (SELECT 1) s ON e.seq = 1 WHEN MATCHED THEN DELETE",
        "INSERT INTO audit_auditevent TABLE audit_auditevent ON CONFLICT (seq) DO UPDATE SET kind = 'user'",
    ],
)
def test_sql_is_refused(trail: Trail, statement: str) -> None:
    trail(3)
    before = list(AuditEvent.objects.values())
    with (
        pytest.raises(ProgrammingError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(AuditEvent.objects.values()) == before


@pytest.mark.parametrize(
    "act",
    [
        lambda event: event.delete(),
        lambda event: event.save(),
        lambda _: AuditEvent.objects.all().delete(),
        lambda _: AuditEvent.objects.update(action="x"),
        lambda event: AuditEvent.objects.bulk_update([event], ["action"]),
    ],
)
def test_the_orm_is_refused(trail: Trail, act: Callable[[AuditEvent], object]) -> None:
    [event] = trail(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act(event)
    assert AuditEvent.objects.get().hash == event.hash


@pytest.mark.parametrize("again", ["seq", "previous_hash"])
def test_no_two_events_share_a_number_or_a_predecessor(trail: Trail, again: str) -> None:
    [event] = trail(1)
    fresh: dict[str, int | str] = {"seq": 9, "previous_hash": "a" * 64, "hash": "b" * 64}
    fresh[again] = getattr(event, again)
    columns = "at, actor_id, actor_name, action, kind, object_id, object_name, request_id"
    sql = f"INSERT INTO audit_auditevent ({columns}, seq, previous_hash, hash) SELECT {columns}, %s, %s, %s"
    with pytest.raises(DatabaseError, match="unique"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{sql} FROM audit_auditevent", list(fresh.values()))


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_begins_with_an_empty_trail(trail: Trail, turn: int) -> None:
    assert not AuditEvent.objects.exists()
    trail(turn)
