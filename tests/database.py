"""What tests may do to the database that nobody else may: empty the audit trail, and tamper with it.

The trail's triggers refuse UPDATE, DELETE and TRUNCATE from everybody, Django's flush after a
transactional test included.  The superuser of the tests' own PostgreSQL switches triggers off
for the one statement.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management.color import Style
from django.db import OperationalError, connection, transaction

TRIGGERS_OFF = "SET LOCAL session_replication_role = replica;"
TRIGGERS_ON = "SET LOCAL session_replication_role = DEFAULT;"
FLUSHES = 5  # tries to empty the tables


@pytest.fixture(scope="session", autouse=True)
def flush_empties_the_trail() -> Iterator[None]:
    """Let the flush after a transactional test empty append-only tables too."""
    operations = type(connection.ops)
    original = operations.sql_flush

    def sql_flush(self: Any, style: Style, tables: Sequence[str], **options: Any) -> list[str]:
        statements = original(self, style, tables, **options)
        return [TRIGGERS_OFF, *statements] if statements else []

    execute = operations.execute_sql_flush

    def execute_sql_flush(self: Any, statements: Sequence[str]) -> None:
        # A page that was just closed may still be asked for; the database breaks off one of the two.
        for attempt in range(FLUSHES):
            try:
                execute(self, statements)
            except OperationalError:
                if attempt + 1 == FLUSHES:
                    raise
                time.sleep(0.2)
            else:
                return

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", sql_flush)
        patch.setattr(operations, "execute_sql_flush", execute_sql_flush)
        yield


@contextmanager
def triggers_off() -> Iterator[None]:
    """Do as one who owns the database: no trigger fires inside the block."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TRIGGERS_OFF)
        yield
        cursor.execute(TRIGGERS_ON)


def together(*acts: Callable[[], object]) -> None:
    """Run the acts at once, each in a thread with a connection of its own; the first failure is raised."""

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        for future in [pool.submit(run, act) for act in acts]:
            future.result(timeout=60)
