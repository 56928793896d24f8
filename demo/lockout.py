"""Smart lockout: ten different wrong passwords in a row lock an account for a minute."""

import hashlib
import hmac
import time
from dataclasses import dataclass

from demo.answers import EntraError
from demo.world import Account

ALLOWED = 10
SECONDS = 60.0


@dataclass(slots=True)
class _Attempts:
    """Wrong passwords since the last right one; the same one repeated counts once, as with Entra."""

    strikes: int = 0
    last: bytes = b""
    locked_until: float = 0.0


_attempts: dict[str, _Attempts] = {}


def forget() -> None:
    _attempts.clear()


def check_password(account: Account, password: str) -> None:
    """Return when the password is right, else refuse as Entra does."""
    attempts = _attempts.setdefault(account.object_id, _Attempts())
    if time.monotonic() < attempts.locked_until:
        raise EntraError(50053)
    if hmac.compare_digest(account.password.encode(), password.encode()):
        _attempts.pop(account.object_id, None)
        return
    digest = hashlib.sha256(password.encode()).digest()
    if digest != attempts.last:
        attempts.strikes, attempts.last = attempts.strikes + 1, digest
    if attempts.strikes >= ALLOWED:
        _attempts[account.object_id] = _Attempts(locked_until=time.monotonic() + SECONDS)
    raise EntraError(50126)
