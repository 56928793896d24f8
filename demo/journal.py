"""The requests to the demo tenant, without any secret."""

import hashlib
import threading
import time
from collections import Counter, deque
from typing import Any

from demo.call import Call
from demo.faults import Fault

KEPT = 5_000


class Journal:
    """The last requests, and counts of all."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def connected(self) -> None:
        with self._lock:
            self._counts["connections"] += 1

    def note(self, call: Call, status: int, fault: Fault | None) -> None:
        entry = {
            "at": time.time(),
            "endpoint": call.endpoint,
            "host": call.request.host,
            "method": call.request.method,
            "tenant": call.name,
            "client_id": call.client_id,
            "username": call.username,
            "mailbox": call.mailbox,
            "recipients": list(call.recipients),
            "grant_type": call.form.get("grant_type", ""),
            "secret": _digest(call.form.get("client_secret", "")),
            "password": _digest(call.form.get("password", "")),
            "status": status,
            "fault": fault.kind if fault else "",
            "trace_id": call.trace_id,
            "correlation_id": call.correlation_id,
        }
        with self._lock:
            self._entries.append(entry)
            self._counts[call.endpoint or "unknown"] += 1

    @property
    def counts(self) -> dict[str, int]:
        with self._lock:
            return dict(self._counts)

    @property
    def entries(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._counts.clear()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:8] if secret else ""
