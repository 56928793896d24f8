"""Faults that answer in place of the service."""

import base64
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus

from demo import answers, graph_answers
from demo.call import Call
from demo.faults import Fault
from demo.wire import Response, json_response

HTML = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
PORTAL = "<!DOCTYPE html><html><title>Sign in to the network</title><body>Please accept our terms.</body></html>"
# 511 is a network's own demand for a sign-in (RFC 6585).
TROUBLE = {429, *range(500, 600)} - {511}
DOWN = "<h2>Our services aren't available right now</h2><p>We're working to restore all services soon.</p>"


def changed(data: dict[str, Any], fault: Fault) -> dict[str, Any]:
    """The data with the fault's fields in place of its own; null removes one."""
    return {name: value for name, value in (data | dict(fault.fields)).items() if value is not None}


def _aadsts(fault: Fault, call: Call) -> Response:
    response = answers.aadsts(call, int(fault.code), status=fault.status, message=fault.message)
    response.body = json.dumps(changed(json.loads(response.body), fault)).encode()
    return _retry_after(fault, response) if response.status == HTTPStatus.TOO_MANY_REQUESTS else response


def _graph(fault: Fault, call: Call) -> Response:
    return graph_answers.error(call, fault.status or 403, str(fault.code), fault.message or str(fault.code))


def _throttle(fault: Fault, call: Call) -> Response:
    if call.endpoint == "graph":
        message = fault.message or "Application is over its MailboxConcurrency limit."
        return _retry_after(fault, graph_answers.error(call, 429, str(fault.code or "ApplicationThrottled"), message))
    if fault.code:
        return _retry_after(fault, answers.aadsts(call, int(fault.code), status=429))
    data = {"error": "temporarily_unavailable", "error_description": "Too many requests."}
    return _retry_after(fault, json_response(429, data, answers.headers(call)))


def _retry_after(fault: Fault, response: Response) -> Response:
    if fault.retry_after != "":
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


def _status(fault: Fault, call: Call) -> Response:
    """A bare status: Microsoft's own gateways answer so while they are in trouble; others are never theirs."""
    status = fault.status or 503
    if status not in TROUBLE:
        return Response(status, (fault.message or PORTAL).encode(), dict(HTML))
    if call.endpoint == "graph":
        return Response(status, fault.message.encode(), {**graph_answers.headers(call), "Content-Type": "text/plain"})
    return Response(status, (fault.message or DOWN).encode(), {**HTML, "X-Azure-Ref": call.trace_id})


def _garbage(fault: Fault, _: Call) -> Response:
    """What something on the way answers in Microsoft's place; JSON has at least its content type."""
    body = fault.message or PORTAL
    kind = {"Content-Type": "application/json"} if body[:1] in {"{", "["} else {}
    return Response(fault.status or 200, body.encode(), {**HTML, **kind, **fault.headers})


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


STAND_INS: dict[str, Callable[[Fault, Call], Response]] = {
    "aadsts": _aadsts,
    "graph": _graph,
    "throttle": _throttle,
    "status": _status,
    "garbage": _garbage,
    "redirect": _redirect,
    "echo_secret": _echo_secret,
}
