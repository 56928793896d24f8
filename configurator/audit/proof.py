"""Checks an export of the audit log by itself: ``python -m configurator.audit.proof FILE``.

It needs the file and Python's own library, neither a database nor settings nor a key, and shares no code with what
writes the log: this one file may be copied to another machine and run there as ``python proof.py FILE``.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT = "configurator-audit-export"
VERSION = 1
HASHED = {
    *("seq", "at", "actor_id", "actor_name", "action", "kind", "object_id", "object_name"),
    *("before", "after", "request_id", "previous_hash"),
}
HEAD = {"format", "version", "first", "previous_hash", "from", "to", "taken_at"}
END = {"end", "count", "last", "last_hash", "head", "sha256"}


class Refused(Exception):
    """The file is not what was exported; the message says where and how."""


@dataclass(frozen=True)
class Proven:
    """What a valid export contains: the first and the last event, and the log's head at that time."""

    first: int
    previous_hash: str
    last: int
    last_hash: str
    count: int
    head: str
    sha256: str


def verify(lines: Iterable[bytes], anchors: Iterable[str] = ()) -> Proven:
    """Return what the export proves; Refused names the first line that is wrong.

    ``anchors`` are SEQ:HASH that were kept elsewhere: each of them has to be in it.
    """
    try:
        return _verify(iter(lines), dict(_anchor(text) for text in anchors))
    except (TypeError, RecursionError) as error:
        raise Refused("A line holds other than what is exported.") from error


def _verify(left: Iterator[bytes], wanted: dict[int, str]) -> Proven:
    seen = hashlib.sha256()
    head_line = next(left, b"")
    head = _read(head_line, HEAD, "the first line")
    if (head["format"], head["version"]) != (FORMAT, VERSION):
        raise Refused(f"This is no export that can be read here: {head['format']} {head['version']}.")
    seen.update(head_line)
    last, last_hash = head["first"] - 1, head["previous_hash"]
    hashes = {last: last_hash}
    for line in left:
        if line.startswith(b'{"end"'):
            end = _read(line, END, "the last line")
            _check_end(end, last, last_hash, last - head["first"] + 1, seen.hexdigest())
            if next(left, b""):
                raise Refused("Something stands behind the last line.")
            _check_anchors(wanted, hashes, head["first"] - 1, last)
            return Proven(
                head["first"], head["previous_hash"], last, last_hash, end["count"], end["head"], end["sha256"]
            )
        last, last_hash = _follow(line, last, last_hash)
        if last in wanted:
            hashes[last] = last_hash
        seen.update(line)
    raise Refused(f"The file ends after event {last}, without its last line: it was cut off.")


def _follow(line: bytes, last: int, last_hash: str) -> tuple[int, str]:
    """Return number and hash of the event in the line, which has to follow the one before."""
    event = _read(line, HASHED | {"hash"}, f"the line after event {last}")
    seq = event["seq"]
    if seq != last + 1:
        raise Refused(f"Event {last + 1} is missing where event {seq} stands: one was deleted, inserted or moved.")
    if event["previous_hash"] != last_hash:
        raise Refused(f"Event {seq} does not follow the one before: one of them was inserted, moved or replaced.")
    content = {name: event[name] for name in HASHED}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if hashlib.sha256(text.encode()).hexdigest() != event["hash"]:
        raise Refused(f"Event {seq} was edited.")
    return seq, event["hash"]


def _check_end(end: dict[str, Any], last: int, last_hash: str, count: int, sha256: str) -> None:
    """Refuse a last line that does not match the lines before it."""
    if (end["count"], end["last"], end["last_hash"]) != (count, last, last_hash):
        raise Refused(f"The file ends with event {last}, and its last line tells of event {end['last']}: it was cut.")
    if end["sha256"] != sha256:
        raise Refused("The lines are not those of which the last line gives the SHA-256.")


def _check_anchors(wanted: dict[int, str], hashes: dict[int, str], first: int, last: int) -> None:
    """Refuse an export of another log than that of the anchors."""
    for seq, digest in wanted.items():
        if first <= seq <= last and hashes.get(seq) != digest:
            raise Refused(f"Event {seq} is not the one of which the hash was kept: the trail was made anew.")
        if not first <= seq <= last:
            raise Refused(f"The export holds no event {seq}, of which a hash was kept: it cannot be compared.")


def _read(line: bytes, names: set[str], where: str) -> dict[str, Any]:
    """Return the JSON object of a line, which has exactly these names, each once."""
    try:
        found = json.loads(line, object_pairs_hook=_once)
    except ValueError as error:
        raise Refused(f"A line cannot be read, {where}: {error}.") from error
    if not isinstance(found, dict) or found.keys() != names or not line.endswith(b"\n"):
        raise Refused(f"A line holds other than what is exported, {where}.")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that gives a name two values: another reader might use the other one."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _anchor(text: str) -> tuple[int, str]:
    seq, _, digest = text.strip().partition(":")
    if not seq.isdecimal() or not digest:
        raise Refused(f"An anchor is written SEQ:HASH, not {text}.")
    return int(seq), digest


def lines_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def main(argv: list[str]) -> int:
    """Check the file, and print what it proves or what is wrong."""
    parser = argparse.ArgumentParser(description="Check an export of the audit trail by itself.")
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--anchor", action="append", default=[], help="SEQ:HASH that was kept elsewhere; may be repeated"
    )
    asked = parser.parse_args(argv)
    try:
        proven = verify(lines_of(asked.file), asked.anchor)
    except (Refused, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(
        f"{proven.count} events, {proven.first} to {proven.last}, unbroken.\n"
        f"They follow {proven.first - 1}:{proven.previous_hash}\n"
        f"They end with {proven.last}:{proven.last_hash}\n"
        f"When they were taken away, the trail's head was {proven.head}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
