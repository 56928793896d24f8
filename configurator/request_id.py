"""The ID that connects a request's log lines, audit events and error page."""

import uuid
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Return the ID of the current request or task, "" outside one."""
    return _current.get()


def begin() -> str:
    """Start a new request and return its ID, 12 hex digits."""
    request_id = uuid.uuid4().hex[:12]
    _current.set(request_id)
    return request_id
