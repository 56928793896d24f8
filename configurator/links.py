"""URLs of objects' pages: resolved once for a kind of page and not for each row of a list."""

import uuid
from collections.abc import Mapping
from functools import cache
from typing import Final

from django.urls import reverse

# Keys that represent any other of their type in a resolved URL.
_ANY: Final[Mapping[type, object]] = {uuid.UUID: uuid.UUID(int=0), int: 2**63}


def place(url_name: str, *args: object) -> str:
    """Return the URL of that name whose last argument is a UUID or an integer.

    Raises NoReverseMatch where there is none.
    """
    *before, key = args
    start, _, end = _around(url_name, int if isinstance(key, int) else uuid.UUID, *before)
    return f"{start}{key}{end}"


@cache
def _around(url_name: str, type_: type, *args: object) -> tuple[str, str, str]:
    """Return the URL around the last argument: before it, the argument, and after it."""
    return reverse(url_name, args=[*args, _ANY[type_]]).rpartition(str(_ANY[type_]))
