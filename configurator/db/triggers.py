"""Triggers of tables, and when they do not fire."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection


@contextmanager
def trigger_disabled(trigger: str, tables: Sequence[str]) -> Iterator[None]:
    """Disable the trigger of these tables in this transaction, however long its statements take.

    The tables are locked until the transaction ends; a rollback enables the triggers again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
