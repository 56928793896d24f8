"""The way by webhook: an Adaptive Card, as Teams' Workflows and others take it, posted by https to the address set."""

import http.client
import json
import time
import uuid
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from health.alarms.notices.cards import card
from health.alarms.notices.sending import Message, NotSentError
from tokenchecks.engine.microsoft.pool import HTTPS, Connection
from tokenchecks.engine.microsoft.sockets import OversizedError, TimedSocket
from tokenchecks.engine.microsoft.tls import open_tls, tls_context
from tokenchecks.engine.microsoft.transport import TransportError

SECONDS: Final = 15.0
CONNECT_SECONDS: Final = 5.0
MOST_BYTES: Final = 64 * 1024  # of the answer, of which only the status is looked at
WELL: Final = range(200, 300)
REDIRECTS: Final = range(300, 400)
FAULTS: Final = (OSError, OversizedError, http.client.HTTPException, ValueError)


def is_set() -> bool:
    """Tell whether there is an address to post to."""
    return bool(settings.ALARM_WEBHOOK_URL)


def _address() -> str:
    """Return the whole address."""
    address = settings.ALARM_WEBHOOK_URL
    return address.reveal() if address else ""


def host() -> str:
    """Return the host of the address, which may be shown; the rest of it is a secret."""
    return urlsplit(_address()).hostname or ""


def send(message: Message, notice_id: uuid.UUID) -> None:
    """Post the message; NotSentError unless it was taken.  A redirect is not followed."""
    until = time.monotonic() + SECONDS
    try:
        status = _post(json.dumps(card(message)).encode(), notice_id, until)
    except TransportError as error:
        raise NotSentError(f"{error}") from None
    except TimeoutError:
        raise NotSentError(f"{host()}: no complete answer in time") from None
    except FAULTS as error:
        raise NotSentError(f"{host()}: no usable answer ({type(error).__name__})") from None
    if status in REDIRECTS:
        raise NotSentError(f"{host()}: it redirects elsewhere (HTTP {status}), which is refused")
    if status not in WELL:
        raise NotSentError(f"{host()}: it was not taken (HTTP {status})")


def _post(body: bytes, notice_id: uuid.UUID, until: float) -> int:
    """Do the one exchange and return its status."""
    parts = urlsplit(_address())
    name, port = parts.hostname or "", parts.port or HTTPS
    context = tls_context(settings.ENTRA_CA_FILE)
    target: Any = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    soon = min(until, time.monotonic() + CONNECT_SECONDS)
    sock = open_tls(name, (name, port), context, soon, settings.OUTBOUND_PROXY)
    connection = Connection(name, TimedSocket(sock, MOST_BYTES), context)
    connection.wire.begin(until)
    try:
        connection.request("POST", target, body, _headers(name, port, notice_id))
        with connection.getresponse() as answer:
            return answer.status
    finally:
        connection.close()


def _headers(name: str, port: int, notice_id: uuid.UUID) -> dict[str, str]:
    """Return the headers; the key is the same at each try, so that a receiver can tell what came twice."""
    return {
        "Host": name if port == HTTPS else f"{name}:{port}",
        "Content-Type": "application/json",
        "Idempotency-Key": str(notice_id),
        "Connection": "close",
    }
