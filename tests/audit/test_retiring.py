"""Old events are taken away once their export is proven; what is left verifies, and shows the past from there on."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from configurator.audit.chain import Head
from configurator.audit.models import AuditEvent, Baseline, StateEvent
from configurator.audit.states import state_at, states_at
from configurator.audit.verify import verify
from mailsettings.services import incoming_server_delete, incoming_server_save
from tests.console.history.test_reconstruction import KINDS, stored, told
from tests.database import triggers_off
from tests.people import ACTOR, As, address, incoming, queue
from tests.tokenchecks.past import DAY, pass_time

TODAY = timezone.localdate()


@pytest.fixture
def years(transactional_db: None, tmp_path: Path) -> Path:
    """Store a configuration ten days ago, change some of it now, and return the export of all."""
    gone, box = incoming(name="Gone"), address(server=incoming(name="Kept"), queue=queue(name="Sales"))
    incoming_server_delete(actor=ACTOR, server=gone)
    pass_time(10 * DAY)
    rehash()
    box.server.name = "Renamed"
    incoming_server_save(actor=ACTOR, server=box.server)
    path = tmp_path / "export.jsonl"
    call_command("audit_export", path)
    return path


def rehash() -> None:
    """Chain the events anew: their time was changed."""
    last = "0" * 64
    with triggers_off():
        for event in AuditEvent.objects.order_by("seq"):
            event.previous_hash = last
            event.hash = last = event.computed_hash()
            event.save(force_update=True)


def day(ago: int) -> str:
    """Return the day so many days ago."""
    return str(TODAY - timedelta(days=ago))


def retire(path: Path) -> None:
    """Take away what is older than five days."""
    call_command("audit_retire", day(5), path, "--yes")


def test_without_yes_nothing_goes(years: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count = AuditEvent.objects.count()

    call_command("audit_retire", day(5), years)

    assert "5 events up to 5:" in capsys.readouterr().out
    assert AuditEvent.objects.count() == count


def test_what_is_left_verifies_and_tells_of_what_went(years: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heads = [Head(event.seq, event.hash) for event in AuditEvent.objects.order_by("seq")]

    retire(years)
    event = AuditEvent.objects.order_by("-seq")[0]
    call_command("audit_verify", "--head", str(heads[2]))
    said = capsys.readouterr().out

    assert list(AuditEvent.objects.order_by("seq").values_list("seq", flat=True)) == [6, 7, 8]
    assert (event.action, event.kind, (event.after or {})["last"]) == ("retired", "trail", 5)
    assert "3 events, unbroken, after event 5, up to which they were taken away" in said
    assert "The head given was taken away with the events up to 5" in said
    assert verify(heads[4]).broken is None
    assert verify(heads[5]).broken is None
    other = verify(Head(5, "f" * 64)).broken
    assert other
    assert "not the one that the given head names" in other.reason


def test_the_past_is_still_put_together_from_there_on(years: Path, signed_in: As) -> None:
    truth, now = stored(), AuditEvent.objects.head().seq

    retire(years)

    [whole] = states_at(StateEvent.objects.filter(kind__in=KINDS), now)
    assert told(whole).keys() == truth.keys()
    assert {key: values for key, (_, values) in told(whole).items()} == {key: one for key, (_, one) in truth.items()}
    kept = next(key for key in truth if key[0] == "incoming_server")
    [then, later] = state_at(*kept, 5, 6)
    assert then
    assert later
    assert (then.name, later.name) == ("Kept", "Renamed")
    client = signed_in("support")
    for path in (reverse("console:whole"), reverse("console:as_of", args=kept)):
        page: Any = client.get(path, {"at": f"{day(8)}T12:00", "kind": kept[0]})
        assert ">Kept<" in page.content.decode()
        assert "were taken away" not in page.content.decode()
        assert "were taken away" in client.get(path, {"at": f"{day(20)}T12:00"}).content.decode()
    box = next(pk for kind, pk in truth if kind == "address")
    last = client.get(reverse("console:last_event", args=["address", box]))
    assert last["Location"] == reverse("console:as_of", args=["address", box])


def test_nothing_goes_without_a_proof_of_it(years: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.jsonl"
    call_command("audit_export", part, "--from", day(1))
    count = AuditEvent.objects.count()
    whole = years.read_bytes()

    for content in (part.read_bytes(), whole.replace(b"Sales", b"Other"), whole[: len(whole) // 2], b""):
        years.write_bytes(content)
        with pytest.raises(CommandError, match="does not prove"):
            retire(years)
    with pytest.raises(CommandError, match="does not prove"):
        retire(tmp_path / "none.jsonl")
    with pytest.raises(CommandError, match="No event is that old"):
        call_command("audit_retire", day(50), years, "--yes")
    assert AuditEvent.objects.count() == count


def test_taking_away_twice_goes_on_from_there(years: Path, tmp_path: Path) -> None:
    retire(years)
    more = tmp_path / "more.jsonl"
    call_command("audit_export", more)
    with triggers_off():
        AuditEvent.objects.filter(action="exported", object_name="more.jsonl").delete()

    call_command("audit_retire", day(-1), more, "--yes")

    assert AuditEvent.objects.count() == 1
    assert verify().broken is None
    assert Baseline.objects.count() == 3
    assert not AuditEvent.objects.filter(action="created").exists()


def test_the_triggers_are_back_and_whatever_is_done_behind_them_shows(years: Path) -> None:
    retire(years)
    for table in ("audit_auditevent", "audit_baseline"):
        with connection.cursor() as cursor, pytest.raises(Exception, match="append-only"):
            cursor.execute(f"DELETE FROM {table}")
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_baseline SET object_name = 'Never' WHERE kind = 'queue'")
    broken = verify().broken
    assert broken
    assert "not those that were kept" in broken.reason
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_baseline SET object_name = 'Sales' WHERE kind = 'queue'")
        cursor.execute("DELETE FROM audit_auditevent WHERE seq = 6")
    broken = verify().broken
    assert broken
    assert broken.reason == "event 6 is missing"
