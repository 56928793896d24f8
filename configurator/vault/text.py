"""The secret in memory: it can be passed on and compared, but its text is shown only by reveal()."""

import hashlib
import hmac
from typing import Final, NoReturn, final

PLACEHOLDER: Final = "[secret]"
HINT_FROM: Final = 32


@final
class Secret:
    """A text that no log, template, traceback, pickle or JSON gets to see.

    Only `reveal()` gives the text; tests/vault/test_reveal.py names the modules that may call it.
    """

    __slots__ = ("__text",)
    __text: str

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError("A secret is made of text.")
        object.__setattr__(self, "_Secret__text", text)

    def reveal(self) -> str:
        """The text itself, for the few modules that must have it."""
        return self.__text

    # Django's templates call any callable they find, except one with this mark.
    reveal.alters_data = True  # type: ignore[attr-defined]  # a mark on the function

    def fingerprint(self, key: bytes) -> str:
        """Eight hex digits to compare two secrets by without seeing them; worthless without the key."""
        return hmac.new(key, self.__bytes(), hashlib.sha256).hexdigest()[:8]

    def hint(self) -> str:
        """The first three characters, as Entra's own list shows them; empty for a short secret."""
        return self.__text[:3] if len(self.__text) >= HINT_FROM else ""

    def __bytes(self) -> bytes:
        return self.__text.encode("utf-8", "surrogatepass")

    def __bool__(self) -> bool:
        return bool(self.__text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__bytes(), other.__bytes())

    def __hash__(self) -> NoReturn:
        raise TypeError("A secret cannot be a key: what holds it would outlive it.")

    def __repr__(self) -> str:
        return PLACEHOLDER

    def __str__(self) -> str:
        return PLACEHOLDER

    def __format__(self, format_spec: str) -> str:
        return PLACEHOLDER

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("A secret cannot be changed.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("A secret cannot be changed.")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A secret cannot be copied or pickled.")

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret cannot be copied or pickled.")

    def __getstate__(self) -> NoReturn:
        raise TypeError("A secret cannot be copied or pickled.")

    def __copy__(self) -> NoReturn:
        raise TypeError("A secret cannot be copied or pickled.")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("A secret cannot be copied or pickled.")
