"""Re-keying loses nothing: killed at any point, beside writers, twice at once, over damaged rows."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django import Settings

from configurator.audit.models import AuditEvent
from configurator.audit.services import record
from configurator.audit.vault import Program
from configurator.vault import rotation
from configurator.vault.envelope import Context
from configurator.vault.errors import KeyringError
from configurator.vault.keys import new_entry
from configurator.vault.models import SealedSecret
from configurator.vault.rotation import Batch, counts, rotate
from configurator.vault.services import discard, open_sealed, put
from configurator.vault.text import Secret
from tests.database import together
from tests.vault.places import PRIMARY, SECOND, somewhere

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("keys")]
BOB = Program("8", "bob")
BOTH = f"{SECOND},{PRIMARY}"
# A release is tried with 50 kills; each costs the start of a process.
KILLS = int(os.environ.get("ROTATION_KILLS", "4"))


def store(number: int) -> dict[str, Context]:
    """Store that many secrets, each one's text the number of its place; return the places by text."""
    places = {f"secret {index}": somewhere() for index in range(number)}
    for text, context in places.items():
        put(secret=Secret(text), context=context, set_by="alice")
    return places


def assert_readable(places: dict[str, Context]) -> None:
    rows = {row.row: row for row in SealedSecret.objects.defer(None)}
    assert {text: open_sealed(rows[place.row], place).reveal() for text, place in places.items()} == {
        text: text for text in places
    }


def test_every_secret_is_sealed_anew_and_unchanged(settings: Settings) -> None:
    places = store(7)
    before = dict(SealedSecret.objects.values_list("pk", "envelope"))
    stamps = set(SealedSecret.objects.values_list("pk", "set_at", "set_by_name"))
    settings.VAULT_KEYS = BOTH
    batches = list(rotate(3))
    assert [batch.rekeyed for batch in batches] == [{"k1": 3}, {"k1": 3}, {"k1": 1}]
    assert counts() == {"k2": 7}
    assert all(bytes(before[pk]) != bytes(now) for pk, now in SealedSecret.objects.values_list("pk", "envelope"))
    assert stamps == set(SealedSecret.objects.values_list("pk", "set_at", "set_by_name"))
    settings.VAULT_KEYS = SECOND
    assert_readable(places)


def test_fingerprints_follow_the_key(settings: Settings) -> None:
    store(1)
    settings.VAULT_KEYS = BOTH
    list(rotate(10))
    again = put(secret=Secret("secret 0"), context=somewhere(), set_by="bob")
    assert set(SealedSecret.objects.values_list("fingerprint", flat=True)) == {again.fingerprint}


def test_a_second_rotation_has_nothing_to_do(settings: Settings) -> None:
    store(3)
    settings.VAULT_KEYS = BOTH
    list(rotate(10))
    assert not list(rotate(10))


def test_damaged_rows_are_counted_and_left_as_they_are(settings: Settings) -> None:
    places = store(4)
    damaged = SealedSecret.objects.first()
    assert damaged
    SealedSecret.objects.filter(pk=damaged.pk).update(destination_digest="0" * 64)
    before = SealedSecret.objects.defer(None).values().get(pk=damaged.pk)
    settings.VAULT_KEYS = BOTH
    unreadable = sum((batch.unreadable for batch in rotate(2)), Counter[str]())
    assert set(unreadable) == {"k1"}
    assert counts() == {"k2": 3, "k1": 1}
    assert SealedSecret.objects.defer(None).values().get(pk=damaged.pk) == before
    assert_readable({text: place for text, place in places.items() if place.row != damaged.row})


def test_a_wrong_primary_key_rotates_nothing(settings: Settings) -> None:
    store(2)
    settings.VAULT_KEYS = f"{new_entry('k1')},{SECOND}"
    with pytest.raises(KeyringError):
        list(rotate(10))
    with pytest.raises(CommandError, match="k1"):
        call_command("vault_rotate")


def test_a_failing_listener_undoes_its_batch(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(batch: Batch) -> None:
        raise ValueError(batch.key_id)

    places = store(3)
    settings.VAULT_KEYS = BOTH
    monkeypatch.setattr(rotation, "listeners", [fail])
    with pytest.raises(ValueError, match="k2"):
        list(rotate(2))
    assert counts() == {"k1": 3}
    assert_readable(places)


def test_each_batch_leaves_one_event_that_counts(settings: Settings) -> None:
    store(5)
    settings.VAULT_KEYS = BOTH
    list(rotate(3))
    events = list(AuditEvent.objects.filter(action="rekeyed").order_by("seq").values_list("before", "after"))
    assert events == [({"k1": 3}, {"k2": 3}), ({"k1": 2}, {"k2": 2})]
    assert "secret 0" not in str(list(AuditEvent.objects.values()))


def test_rows_held_by_another_transaction_are_left_for_later(settings: Settings) -> None:
    places = store(3)
    settings.VAULT_KEYS = BOTH
    held = SealedSecret.objects.first()
    assert held
    seen: list[Counter[str]] = []
    with transaction.atomic():
        SealedSecret.objects.select_for_update().get(pk=held.pk)
        together(lambda: seen.append(_rotated()))
    assert seen == [Counter({"k1": 2})]
    assert _rotated() == Counter({"k1": 1})
    assert_readable(places)


def _rotated() -> Counter[str]:
    return sum((batch.rekeyed for batch in rotate(10)), Counter[str]())


def test_two_rotations_and_writers_at_once_lose_no_secret(settings: Settings) -> None:
    places = store(80)
    settings.VAULT_KEYS = BOTH

    def write(part: int) -> None:
        for text in list(places)[part::2]:
            old = SealedSecret.objects.get(row=places[text].row)
            with transaction.atomic():
                put(secret=Secret(text), context=places[text], set_by="bob")
                # The event first, as a service may do it: that must not deadlock with a batch that holds the old row.
                record(actor=BOB, action="changed", kind="vault", object_id="", object_name=text)
                discard(old)

    together(partial(write, 0), partial(write, 1), _rotated, _rotated)
    _rotated()
    assert counts() == {"k2": 80}
    assert_readable(places)


@pytest.fixture
def rotation_process(settings: Settings) -> Iterator[list[subprocess.Popen[str]]]:
    """A list for the processes that a test starts; whatever still runs at its end is killed."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_killed_at_any_point_all_secrets_stay_readable(
    settings: Settings, rotation_process: list[subprocess.Popen[str]]
) -> None:
    places = store(60)
    settings.VAULT_KEYS = BOTH
    dice = random.Random(KILLS)  # noqa: S311  # when to kill, the same on every run
    for _ in range(KILLS):
        used = counts()
        target, waiting = ("k1", used["k2"]) if used["k2"] > used["k1"] else ("k2", used["k1"])
        process = _start(BOTH if target == "k2" else f"{PRIMARY},{SECOND}")
        rotation_process.append(process)
        assert process.stdout
        for _ in range(dice.randrange(waiting - 5)):
            process.stdout.readline()
        time.sleep(dice.random() / 200)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert_readable(places)
    settings.VAULT_KEYS = BOTH
    list(rotate(7))
    assert counts() == {"k2": 60}
    assert_readable(places)


def _start(keys: str) -> subprocess.Popen[str]:
    """Run the command on the tests' own database, one secret per transaction."""
    database = connection.settings_dict
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    return subprocess.Popen(
        [sys.executable, "-m", "django", "vault_rotate", "--batch", "1", "--skip-checks"],
        env={**os.environ, "DATABASE_URL": url, "VAULT_KEYS": keys, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_the_command_tells_counts_and_which_key_may_go(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    store(3)
    settings.VAULT_KEYS = BOTH
    call_command("vault_rotate", "--batch", "2")
    assert capsys.readouterr().out.splitlines() == [
        "2 re-keyed, 0 unreadable",
        "1 re-keyed, 0 unreadable",
        "k2: 3",
        "k1: 0 - it can be removed from VAULT_KEYS",
    ]


def test_the_command_fails_while_a_key_is_missing(settings: Settings) -> None:
    store(2)
    settings.VAULT_KEYS = SECOND
    with pytest.raises(CommandError, match="Not under k2: 2"):
        call_command("vault_rotate")


def test_newkey_prints_one_usable_entry(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    call_command("vault_newkey", "--name", "k9")
    [line] = capsys.readouterr().out.splitlines()
    settings.VAULT_KEYS = f"{line},{PRIMARY}"
    store(1)
    assert counts() == {"k9": 1}
