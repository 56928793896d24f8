"""The context in which every Celery task runs."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error

from configurator import request_id
from configurator.db.faults import fault_of

logger = logging.getLogger(__name__)


@contextmanager
def database_may_fail(what: str) -> Iterator[None]:
    """Begin a request id, and log a lost or read-only database in one line: workers are notified again later."""
    request_id.begin()
    try:
        yield
    except Error as error:
        fault = fault_of(error)
        if fault is None:
            raise
        logger.warning("%s was broken off: %s (%s)", what, fault.log, type(error).__name__)
