"""What the database's server says of itself: its time, since the clocks of its clients differ, and what it takes."""

from datetime import datetime
from typing import Any

from django.db import connection


def clock_time() -> datetime:
    """Return the time at which the server runs this, which goes on within a transaction."""
    return _asked("clock_timestamp()")  # type: ignore[no-any-return]


def statement_time() -> datetime:
    """Return the time at which the server got this statement."""
    return _asked("statement_timestamp()")  # type: ignore[no-any-return]


def is_read_only() -> bool:
    """Tell whether the server refuses changes, as a standby does."""
    return bool(_asked("current_setting('transaction_read_only')::bool"))


def _asked(expression: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}")
        return cursor.fetchone()[0]
