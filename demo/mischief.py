"""How each kind of fault answers."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus

from demo import answers, graph_answers
from demo.call import Call
from demo.faults import Fault
from demo.tokens import read_token, write_token
from demo.wire import Response, json_response

HTML = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
PORTAL = (
    "<!DOCTYPE html><html><title>Sign in to the network</title><body>Please accept our terms.</body></html>"
)
DOWN = "<h2>Our services aren't available right now</h2><p>We're working to restore all services soon.</p>"
CHUNK = 64 * 1024


@dataclass(slots=True)
class Delivery:
    """How an answer goes out: at once, or in pieces with a pause before each."""

    response: Response
    pieces: Iterator[bytes] | None = None
    pause: float = 0.0
    close: bool = False


def deliver(fault: Fault | None, call: Call, answer: Callable[[], Response]) -> Delivery:
    """The answer as the fault lets it out."""
    if fault is None:
        return Delivery(answer())
    make = REPLACED.get(fault.kind)
    if make:
        return Delivery(make(fault, call))
    return ALTERED[fault.kind](fault, call, answer())


def _aadsts(fault: Fault, call: Call) -> Response:
    response = answers.aadsts(call, int(fault.code), status=fault.status, message=fault.message)
    response.body = json.dumps(_changed(json.loads(response.body), fault)).encode()
    return _retry_after(fault, response) if response.status == HTTPStatus.TOO_MANY_REQUESTS else response


def _graph(fault: Fault, call: Call) -> Response:
    return graph_answers.error(call, fault.status or 403, str(fault.code), fault.message or str(fault.code))


def _throttle(fault: Fault, call: Call) -> Response:
    if call.endpoint == "graph":
        message = fault.message or "Application is over its MailboxConcurrency limit."
        return _retry_after(
            fault, graph_answers.error(call, 429, str(fault.code or "ApplicationThrottled"), message)
        )
    if fault.code:
        return _retry_after(fault, answers.aadsts(call, int(fault.code), status=429))
    data = {"error": "temporarily_unavailable", "error_description": "Too many requests."}
    return _retry_after(fault, json_response(429, data, answers.headers(call)))


def _retry_after(fault: Fault, response: Response) -> Response:
    if fault.retry_after != "":
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


def _status(fault: Fault, call: Call) -> Response:
    return Response(
        fault.status or 503, (fault.message or DOWN).encode(), {**HTML, "X-Azure-Ref": call.trace_id}
    )


def _garbage(fault: Fault, _: Call) -> Response:
    return Response(fault.status or 200, (fault.message or PORTAL).encode(), dict(HTML))


def _redirect(fault: Fault, _: Call) -> Response:
    return Response(fault.status or 302, b"", {**HTML, "Location": fault.location})


def _echo_secret(fault: Fault, call: Call) -> Response:
    """A hostile answer that repeats what was posted, in every spelling a careless filter misses."""
    sent = [call.form.get("client_secret", ""), call.form.get("password", ""), call.token]
    spelled = [spelling for text in filter(None, sent) for spelling in _spellings(text)]
    message = f"Rejected: {' | '.join(spelled)}"
    if call.endpoint == "graph":
        return graph_answers.error(call, fault.status or 401, "InvalidAuthenticationToken", message)
    return answers.aadsts(call, int(fault.code or 7000215), status=fault.status, message=message)


def _spellings(text: str) -> list[str]:
    raw = text.encode()
    return [text, quote_plus(text), base64.b64encode(raw).decode(), raw.hex(), json.dumps(text), text[::-1]]


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
    """The true answer a byte at a time; part "head" drips from the first byte on."""
    head = answer.head(length=len(answer.body))
    first, rest = (b"", head + answer.body) if fault.part == "head" else (head, answer.body)
    bytes_ = (rest[i : i + 1] for i in range(len(rest)))
    return Delivery(answer, _after(first, bytes_), pause=fault.seconds, close=True)


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _close(fault: Fault, _: Call, answer: Response) -> Delivery:
    """Hang up: before a byte, amid the headers, or amid the body."""
    head, body = answer.head(length=len(answer.body)), answer.body
    sent = {"before": b"", "head": head[: len(head) // 2]}.get(fault.part, head + body[: len(body) // 2])
    return Delivery(answer, iter((sent,)), close=True)


def _document(fault: Fault, _: Call, answer: Response) -> Delivery:
    """A good answer with other fields; null takes one away."""
    return Delivery(json_response(answer.status, _changed(json.loads(answer.body), fault), answer.headers))


def _changed(data: dict[str, Any], fault: Fault) -> dict[str, Any]:
    return {name: value for name, value in (data | dict(fault.fields)).items() if value is not None}


def _claims(fault: Fault, _: Call, answer: Response) -> Delivery:
    """A good token with other claims; null takes one away."""
    data = json.loads(answer.body)
    claims = read_token(data.get("access_token", ""))
    if claims is not None:
        changed = {**claims, **fault.fields}
        data["access_token"] = write_token(
            {name: value for name, value in changed.items() if value is not None}
        )
    return Delivery(json_response(answer.status, data, answer.headers))


def _opaque(_: Fault, call: Call, answer: Response) -> Delivery:
    """A token that nobody but its issuer can read."""
    data = json.loads(answer.body)
    if "access_token" in data:
        data["access_token"] = f"EwB4{call.trace_id.replace('-', '')}"
    return Delivery(json_response(answer.status, data, answer.headers))


REPLACED: dict[str, Callable[[Fault, Call], Response]] = {
    "aadsts": _aadsts,
    "graph": _graph,
    "throttle": _throttle,
    "status": _status,
    "garbage": _garbage,
    "redirect": _redirect,
    "echo_secret": _echo_secret,
}
ALTERED: dict[str, Callable[[Fault, Call, Response], Delivery]] = {
    "oversized": _oversized,
    "slow": _slow,
    "drip": _drip,
    "close": _close,
    "document": _document,
    "claims": _claims,
    "opaque": _opaque,
}
