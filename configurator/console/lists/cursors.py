"""Where a page begins, as a token in the URL: signed, so that anything else is recognised."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature, Signer

from configurator.db.keyset import Key

LAST = "last"
SIGNER = Signer(salt="configurator.console.lists.cursors")


class _Compact:
    """JSON in UTF-8, so that a name in any script stays short; moments keep their microseconds."""

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str).encode()

    def loads(self, text: bytes) -> Any:
        return json.loads(text)


@dataclass(frozen=True)
class Place:
    """After which row a page begins, or before which it ends; without values at the list's own beginning or end."""

    backward: bool = False
    values: Sequence[Any] | None = None


def written(keys: Sequence[Key], row: Any, *, backward: bool) -> str:
    """Return the token for the page after the row, or before it."""
    value = [backward, [str(key) for key in keys], [key.value(row) for key in keys]]
    return SIGNER.sign_object(value, serializer=_Compact, compress=True)


def read(keys: Sequence[Key], word: object) -> Place:
    """Return the place; the list's beginning for any other text, and for a token of another sort order."""
    if word == LAST:
        return Place(backward=True)
    try:
        backward, sorted_by, values = SIGNER.unsign_object(str(word), serializer=_Compact)
    except (BadSignature, ValueError):
        return Place()
    return Place(backward, values) if sorted_by == [str(key) for key in keys] else Place()
