"""Where the page of an object is: the table of URLs is asked once for a kind of page and not for each row of a list."""

import uuid
from functools import cache
from typing import Final

from django.urls import reverse

_ANY: Final = uuid.UUID(int=0)


def place(url_name: str, *args: object) -> str:
    """Return the URL of that name whose last argument is a UUID.

    Raises NoReverseMatch where there is none.
    """
    *before, key = args
    start, _, end = _around(url_name, *before)
    return f"{start}{key}{end}"


@cache
def _around(url_name: str, *args: object) -> tuple[str, str, str]:
    """Return what stands before, as and behind the last argument."""
    return reverse(url_name, args=[*args, _ANY]).rpartition(str(_ANY))
