"""How a fault changes an answer: another one, altered, late, in pieces, without end."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from demo.call import Call
from demo.faults import Fault
from demo.stand_ins import STAND_INS, changed
from demo.tokens import read_token, write_token
from demo.wire import Response, json_response

CHUNK = 64 * 1024


@dataclass(slots=True)
class Delivery:
    """How an answer is sent: at once, or in pieces with a pause before each."""

    response: Response
    pieces: Iterator[bytes] | None = None
    pause: float = 0.0
    close: bool = False


def deliver(fault: Fault | None, call: Call, answer: Callable[[], Response]) -> Delivery:
    if fault is None:
        return Delivery(answer())
    make = STAND_INS.get(fault.kind)
    if make:
        return Delivery(make(fault, call))
    return ALTERED[fault.kind](fault, call, answer())


def _oversized(fault: Fault, _: Call, answer: Response) -> Delivery:
    """Bytes without end; announced in the header or not."""
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    head = answer.head(length=fault.size if fault.announce else None)
    return Delivery(answer, _stream(head + b'{"padding":"', fault.size), close=True)


def _stream(head: bytes, size: int) -> Iterator[bytes]:
    yield head
    block = b"A" * CHUNK
    for _ in range(size // CHUNK):
        yield block


def _slow(fault: Fault, _: Call, answer: Response) -> Delivery:
    return Delivery(answer, iter((answer.encode(),)), pause=fault.seconds)


def _drip(fault: Fault, _: Call, answer: Response) -> Delivery:
    """The true answer a byte at a time; part "head" is slow from the first byte on."""
    head = answer.head(length=len(answer.body))
    first, rest = (b"", head + answer.body) if fault.part == "head" else (head, answer.body)
    bytes_ = (rest[i : i + 1] for i in range(len(rest)))
    return Delivery(answer, _after(first, bytes_), pause=fault.seconds, close=True)


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _close(fault: Fault, _: Call, answer: Response) -> Delivery:
    """Hang up: before a byte, within the headers, or within the body."""
    head, body = answer.head(length=len(answer.body)), answer.body
    sent = {"before": b"", "head": head[: len(head) // 2]}.get(fault.part, head + body[: len(body) // 2])
    return Delivery(answer, iter((sent,)), close=True)


def _document(fault: Fault, _: Call, answer: Response) -> Delivery:
    """A success with other fields; null removes one."""
    return Delivery(json_response(answer.status, changed(json.loads(answer.body), fault), answer.headers))


def _claims(fault: Fault, _: Call, answer: Response) -> Delivery:
    """A token with other claims; null removes one."""
    data = json.loads(answer.body)
    claims = read_token(data.get("access_token", ""))
    if claims is not None:
        changed = {**claims, **fault.fields}
        data["access_token"] = write_token({name: value for name, value in changed.items() if value is not None})
    return Delivery(json_response(answer.status, data, answer.headers))


def _opaque(_: Fault, call: Call, answer: Response) -> Delivery:
    """A token that nobody but its issuer can read."""
    data = json.loads(answer.body)
    if "access_token" in data:
        data["access_token"] = f"EwB4{call.trace_id.replace('-', '')}"
    return Delivery(json_response(answer.status, data, answer.headers))


ALTERED: dict[str, Callable[[Fault, Call, Response], Delivery]] = {
    "oversized": _oversized,
    "slow": _slow,
    "drip": _drip,
    "close": _close,
    "document": _document,
    "claims": _claims,
    "opaque": _opaque,
}
