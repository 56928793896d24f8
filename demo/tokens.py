"""Access and id tokens in Entra's shape; the signature proves only that this process issued them."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

from demo.wire import ENCODE

_KEY = secrets.token_bytes(32)
_THUMBPRINT = secrets.token_urlsafe(20)


def _part(data: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(ENCODE(data).encode()).decode().rstrip("=")


_HEADER = _part({"typ": "JWT", "nonce": _THUMBPRINT, "alg": "RS256", "x5t": _THUMBPRINT, "kid": _THUMBPRINT})


def write_token(claims: Mapping[str, Any]) -> str:
    """Three parts, as every reader of claims expects them."""
    signed = f"{_HEADER}.{_part(claims)}"
    return f"{signed}.{_signature(signed)}"


def read_token(token: str) -> dict[str, Any] | None:
    """The claims of a token of ours, None for any other text."""
    signed, _, signature = token.rpartition(".")
    if not token.isascii() or not hmac.compare_digest(signature, _signature(signed)):
        return None
    payload = signed.partition(".")[2]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def times() -> tuple[dict[str, int], int]:
    """The time claims of a token and its life, 60 to 90 minutes as Entra draws it."""
    now, life = int(time.time()), 3600 + secrets.randbelow(1800)
    return {"iat": now, "nbf": now, "exp": now + life}, life - 1


def _signature(signed: str) -> str:
    digest = hmac.new(_KEY, signed.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
