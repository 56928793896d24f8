"""What every Celery task stands in."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError

from configurator.accounts import request_id

logger = logging.getLogger(__name__)


@contextmanager
def database_may_fail(what: str) -> Iterator[None]:
    """Begin a request, and tell in one line of a database that went away: the task is rung for again."""
    request_id.begin()
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        logger.warning("%s was broken off: the database does not answer (%s)", what, type(error).__name__)
