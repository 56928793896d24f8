"""One at a time: whoever comes second has nothing to do."""

from django.db import connection


def alone(lock: int) -> bool:
    """Tell whether this transaction has the lock now, without waiting for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        return bool(cursor.fetchone()[0])
