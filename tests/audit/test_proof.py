"""The auditors' export: whole as it is taken, and whatever is done to it shows without the database."""

import json
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from configurator.audit import proof
from configurator.audit.chain import GENESIS
from configurator.audit.export import export_lines
from configurator.audit.models import AuditEvent

Lines = list[bytes]
Trail = Callable[[int], list[AuditEvent]]


def changed(line: bytes, **values: Any) -> bytes:
    """Return the line with these values in place of its own."""
    return (json.dumps(json.loads(line) | values, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def forged(lines: Lines) -> Lines:
    """Return the lines with all hashes made anew, the last line too: what one writes who owns all copies."""
    head, *events, end = map(json.loads, lines)
    last = head["previous_hash"]
    for event in events:
        event["previous_hash"] = last
        content = {name: event[name] for name in proof.HASHED}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        last = event["hash"] = sha256(text.encode()).hexdigest()
    written = [
        (json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n").encode() for item in (head, *events)
    ]
    end |= {"count": len(events), "last": head["first"] - 1 + len(events), "last_hash": last}
    end["sha256"] = sha256(b"".join(written)).hexdigest()
    return [*written, changed(lines[-1], **end)]


def with_event(lines: Lines, number: int, **values: Any) -> Lines:
    """Return the lines with one event changed."""
    return [*lines[:number], changed(lines[number], **values), *lines[number + 1 :]]


TAMPERED: dict[str, tuple[Callable[[Lines], Lines], str]] = {
    "edited name": (lambda x: with_event(x, 3, actor_name="bob"), "Event 3 was edited"),
    "edited value": (lambda x: with_event(x, 3, after={"priority": 9}), "Event 3 was edited"),
    "edited time": (lambda x: with_event(x, 3, at="2020-01-01T00:00:00.000000+00:00"), "Event 3 was edited"),
    "one more field": (lambda x: with_event(x, 3, note="no"), "holds other than what is exported"),
    "a field twice": (lambda x: [*x[:3], x[3].replace(b'{"seq"', b'{"kind":"user","seq"'), *x[4:]], "stands twice"),
    "deleted": (lambda x: [*x[:3], *x[4:]], "Event 3 is missing"),
    "deleted first": (lambda x: [x[0], *x[2:]], "Event 1 is missing"),
    "inserted again": (lambda x: [*x[:3], x[2], *x[3:]], "Event 3 is missing where event 2 stands"),
    "inserted new": (
        lambda x: [
            *x[:3],
            changed(x[3], object_name="Never"),
            *(changed(y, seq=n) for n, y in enumerate(x[3:-1], 4)),
            x[-1],
        ],
        "Event 3 was edited",
    ),
    "reordered": (lambda x: [*x[:2], x[3], x[2], *x[4:]], "Event 2 is missing where event 3 stands"),
    "cut in the middle of a line": (lambda x: [*x[:4], x[4][:30]], "cannot be read"),
    "cut": (lambda x: x[:4], "was cut off"),
    "cut before its last line": (lambda x: [*x[:4], x[-1]], "tells of event 5"),
    "cut, with a last line to it": (
        lambda x: [*x[:4], changed(x[-1], count=3, last=3, last_hash=json.loads(x[3])["hash"])],
        "not those of which the last line gives the SHA-256",
    ),
    "another beginning": (lambda x: [changed(x[0], first=2), *x[1:]], "Event 2 is missing"),
    "another hash before": (lambda x: [changed(x[0], previous_hash="f" * 64), *x[1:]], "does not follow"),
    "more behind": (lambda x: [*x, x[-1]], "behind the last line"),
    "empty": (lambda x: x[:0], "cannot be read"),
    "another format": (lambda x: [changed(x[0], version=2), *x[1:]], "no export that can be read here"),
    "other types": (lambda x: [changed(x[0], first="1"), *x[1:]], "other than what is exported"),
}


@pytest.fixture
def lines(trail: Trail) -> Lines:
    """Return the export of five events."""
    trail(5)
    return list(export_lines())


def test_an_export_that_nobody_touched_holds(trail: Trail, lines: Lines) -> None:
    proven = proof.verify(lines)
    last = AuditEvent.objects.head()

    assert (proven.first, proven.previous_hash, proven.count) == (1, GENESIS, 5)
    assert f"{proven.last}:{proven.last_hash}" == proven.head == str(last)
    trail(2)
    proof.verify(export_lines(), [str(last)])


def test_whatever_is_done_to_it_shows(lines: Lines) -> None:
    for name, (tamper, reason) in TAMPERED.items():
        with pytest.raises(proof.Refused) as refused:
            proof.verify(tamper(lines))
        assert reason in str(refused.value), name


def test_a_chain_that_was_made_anew_shows_against_an_anchor_alone(lines: Lines) -> None:
    """What cannot be proven: who owns every copy and remakes it is found by what was kept elsewhere."""
    anchors = [f"{event.seq}:{event.hash}" for event in AuditEvent.objects.order_by("seq")]
    made_anew = forged(with_event(lines, 3, actor_name="bob"))
    cut = forged([*lines[:4], lines[-1]])

    proof.verify(made_anew)
    proof.verify(made_anew, anchors[:2])
    for anchor in anchors[2:]:
        with pytest.raises(proof.Refused, match="made anew"):
            proof.verify(made_anew, [anchor])
    proof.verify(cut)
    with pytest.raises(proof.Refused, match="holds no event 5"):
        proof.verify(cut, anchors[-1:])
    with pytest.raises(proof.Refused, match="SEQ:HASH"):
        proof.verify(lines, ["nonsense"])


def test_a_period_follows_on_what_came_before(trail: Trail) -> None:
    events = trail(6)

    proven = proof.verify(export_lines(events[2].at, events[4].at))

    assert (proven.first, proven.last, proven.previous_hash) == (3, 5, events[1].hash)
    assert proven.head == f"6:{events[5].hash}"
    nothing = proof.verify(export_lines(end=events[0].at.replace(year=2000)))
    assert nothing.count == 0


def test_the_command_writes_a_file_that_its_reader_checks_without_the_console(trail: Trail, tmp_path: Path) -> None:
    """The reader runs as a file of its own, without settings, keys or packages."""
    trail(4)
    path = tmp_path / "trail.jsonl"
    call_command("audit_export", path)
    event = AuditEvent.objects.order_by("-seq")[0]
    assert (event.action, event.kind, (event.after or {})["last"]) == ("exported", "trail", 4)
    with pytest.raises(CommandError, match="not written"):
        call_command("audit_export", path)

    def checked(*arguments: str) -> tuple[int, str]:
        ran = subprocess.run(
            [sys.executable, "-I", "-S", proof.__file__, str(path), *arguments],
            env={},
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.returncode, ran.stdout + ran.stderr

    code, said = checked("--anchor", f"4:{event.previous_hash}")
    assert (code, "4 events, 1 to 4, unbroken" in said) == (0, True)
    path.write_bytes(path.read_bytes().replace(b"alice", b"bob", 1))
    assert checked() == (1, "Event 1 was edited.\n")
