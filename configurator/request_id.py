"""The id that ties a request's log lines, audit events and error page together."""

import uuid
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Return the id of the request or task being served, "" outside one."""
    return _current.get()


def begin() -> str:
    """Start a new request and return its id, 12 hex digits."""
    request_id = uuid.uuid4().hex[:12]
    _current.set(request_id)
    return request_id
