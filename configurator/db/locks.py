"""Advisory locks of the database, each held until the transaction ends."""

from django.db import connection


def advisory_lock(key: int | str) -> None:
    """Wait for the lock; a name has the same key as one of our numbers only by chance."""
    name = "hashtextextended(%s, 0)" if isinstance(key, str) else "%s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({name})", [key])


def try_advisory_lock(key: int) -> bool:
    """Return whether this transaction has the lock now, without waiting for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        return bool(cursor.fetchone()[0])
