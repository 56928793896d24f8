"""What the database's server says of itself: its time, since the clocks of its clients differ, and what it takes."""

from datetime import datetime
from typing import Any

from django.db import connection


def clock_time() -> datetime:
    """Return the server's present time, which goes on within a transaction."""
    return _value_of("clock_timestamp()")  # type: ignore[no-any-return]


def statement_time() -> datetime:
    """Return the time at which the server received this statement."""
    return _value_of("statement_timestamp()")  # type: ignore[no-any-return]


def is_read_only() -> bool:
    """Return whether the server refuses changes, as a standby does."""
    return bool(_value_of("current_setting('transaction_read_only')::bool"))


def _value_of(expression: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}")
        return cursor.fetchone()[0]
