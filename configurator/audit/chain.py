"""The chain: each event's hash covers its content and the hash before it. Needs no Django and no database."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple, Self

GENESIS: Final = "0" * 64
HASHED: Final = (
    "seq",
    "at",
    "actor_id",
    "actor_name",
    "action",
    "kind",
    "object_id",
    "object_name",
    "before",
    "after",
    "request_id",
    "previous_hash",
)


class Head(NamedTuple):
    """The last event of an audit log: a copy kept elsewhere shows later whether the log up to it is complete."""

    seq: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse `SEQ:HASH`; ValueError for another form."""
        seq, _, digest = text.strip().partition(":")
        if not seq.isdecimal() or len(digest) != len(GENESIS) or set(digest) - set("0123456789abcdef"):
            raise ValueError("A head is written SEQ:HASH, as audit_verify prints it.")
        return cls(int(seq), digest)

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


BEGINNING: Final = Head(0, GENESIS)


def digest(content: Mapping[str, object]) -> str:
    """Return the hash of an event's content, which must have every name of HASHED."""
    text = json.dumps(as_hashed(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def as_hashed(content: Mapping[str, object]) -> dict[str, object]:
    """Return an event's content as its hash covers it: plain JSON, the time as a string in UTC."""
    return {name: _plain(content[name]) for name in HASHED}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value
