"""Takes secrets out of what others say, in whatever form they repeat them."""

import base64
import html
import json
import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from configurator.vault.text import Secret
from tokenchecks.engine.subject import GUID

MARK: Final = "[secret]"
LEFT_OUT: Final = "[left out: the answer repeated a secret]"
WINDOW: Final = 8
LIMIT: Final = 1000
READ: Final = 8000
HALF: Final = WINDOW // 2
SHORT: Final = 200  # cached: no longer texts, and no more of them
REMEMBERED: Final = 128
TOKEN: Final = re.compile(r"eyJ[\w-]{8,}(?:\.[\w-]+)*")
UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\(.)", re.DOTALL)
# At a mark such a letter belongs to an encoding, of which more may be left.
ESCAPED: Final = re.compile(rf"[\\%&;]{re.escape(MARK)}|{re.escape(MARK)}[\\%&]")
SEPARATORS: Final = re.compile(r"[\s_\W]+")
CODED: Final = re.compile(r"[%&\\+]")
IDENTIFIER: Final = re.compile(r"[\w.-]{1,64}", re.ASCII)


class Spelled:
    """The forms in which one secret might be repeated, made when they are first needed."""

    def __init__(self, secret: Secret) -> None:
        self.secret = secret

    @cached_property
    def _forms(self) -> set[str]:
        return {form.casefold() for form in _spellings(self.secret.reveal())}

    @cached_property
    def _long(self) -> list[str]:
        return [form for form in self._forms if len(form) >= WINDOW]

    @cached_property
    def _short(self) -> set[str]:
        return {form for form in self._forms if len(form) < WINDOW}

    @cached_property
    def _pieces(self) -> set[str]:
        return {form[start : start + WINDOW] for form in self._long for start in range(len(form) - WINDOW + 1)}

    @cached_property
    def _blocks(self) -> frozenset[str]:
        """Every second half piece: wherever a piece is in a form, it contains one of these."""
        return frozenset(form[start : start + HALF] for form in self._long for start in range(0, len(form), HALF))

    @cached_property
    def _digits(self) -> str:
        """The forms that a GUID may be made of, without separators."""
        text = self.secret.reveal()
        plain, coded = SEPARATORS.sub("", text.casefold()), text.encode("utf-8", "surrogatepass").hex()
        return "\0".join((plain, plain[::-1], coded, coded[::-1]))

    def hits(self, folded: str) -> list[int]:
        """Return each position where a piece of the secret begins."""
        # Hardly any text contains half a piece, and to make the set of all pieces costs more than all the rest.
        if self._blocks.isdisjoint([folded[start : start + HALF] for start in range(len(folded) - HALF + 1)]):
            return []
        return [start for start in range(len(folded) - WINDOW + 1) if folded[start : start + WINDOW] in self._pieces]

    def is_in(self, folded: str) -> bool:
        """Return whether the text contains a piece of the secret, or the whole of a short one."""
        return any(form in folded for form in self._short) or bool(self.hits(folded))

    def is_in_guid(self, guid: str) -> bool:
        """Return whether the digits of a GUID contain a piece of the secret, or the whole of a short one."""
        digits = guid.casefold().replace("-", "")
        known = self._digits
        if any(digits[start : start + WINDOW] in known for start in range(len(digits) - WINDOW + 1)):
            return True
        return any(form and form in digits for form in known.split("\0") if len(form) < WINDOW)


class Redactor:
    """Cleans texts of the given secrets: in pieces of eight characters, plain, encoded, escaped or reversed.

    Where that cannot be done letter by letter, as with a shorter secret, the text is left out as a whole.
    """

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._spelled = [Spelled(secret) for secret in secrets if secret]
        # The checks of a batch say much the same of the same credential.
        self._known = lru_cache(REMEMBERED)(self._cleaned)
        self._known_identifier = lru_cache(REMEMBERED)(self._identifier)

    def also(self, secret: Secret) -> "Redactor":
        """Return a redactor for this secret too."""
        return Redactor([*(spelled.secret for spelled in self._spelled), secret])

    def clean(self, text: str, limit: int = LIMIT) -> str:
        """Return the text without any secret or token, on one line, cut at `limit`."""
        return self._known(text, limit) if len(text) <= SHORT else self._cleaned(text, limit)

    def _cleaned(self, text: str, limit: int) -> str:
        text = TOKEN.sub(MARK, UNPRINTABLE.sub(" ", text[:READ])).strip()
        masked = self._mask(text)
        if ESCAPED.search(masked) or any(self._holds(reading) for reading in _readings(masked)):
            return LEFT_OUT
        return masked if len(masked) <= limit else masked[: limit - 1] + "…"

    def identifier(self, text: object) -> str:
        """Return the text if it is a plain identifier and contains nothing of a secret, else ""."""
        if not isinstance(text, str) or not IDENTIFIER.fullmatch(text):
            return ""
        return self._known_identifier(text)

    def _identifier(self, text: str) -> str:
        if GUID.fullmatch(text):
            return "" if any(spelled.is_in_guid(text) for spelled in self._spelled) else text
        return "" if any(self._holds(reading) for reading in _readings(text)) else text

    def _holds(self, text: str) -> bool:
        folded = text.casefold()
        return any(spelled.is_in(folded) for spelled in self._spelled)

    def _mask(self, text: str) -> str:
        # Folded letter by letter, so that the positions stay those of the text.
        folded = text.lower() if text.isascii() else "".join(letter.casefold()[:1] or letter for letter in text)
        starts = [start for spelled in self._spelled for start in spelled.hits(folded)]
        if not starts:
            return text
        hidden = {position for start in starts for position in range(start, start + WINDOW)}
        out = [
            MARK if position in hidden else character
            for position, character in enumerate(text)
            if position not in hidden or position - 1 not in hidden
        ]
        return "".join(out)


def _spellings(text: str) -> set[str]:
    """The forms in which a careless or hostile server might repeat a text."""
    raw = text.encode("utf-8", "surrogatepass")
    plain = {
        text,
        quote(raw, safe=""),
        quote_plus(raw),
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        html.escape(text),
        raw.hex(),
        "".join(f"%{byte:02x}" for byte in raw),
        *_base64_forms(raw),
    }
    return plain | {form[::-1] for form in plain}


def _base64_forms(raw: bytes) -> set[str]:
    """Base64 of the text inside a longer one: each of the three alignments, without the edges."""
    forms: set[str] = set()
    for lead in range(3):
        coded = base64.b64encode(b"\0" * lead + raw).decode().rstrip("=")
        inner = coded[(0, 2, 3)[lead] :]
        inner = inner if (lead + len(raw)) % 3 == 0 else inner[:-1]
        forms |= {inner, inner.replace("+", "-").replace("/", "_")} if len(inner) >= WINDOW else set()
    return forms


def _readings(text: str) -> set[str]:
    """The text itself, decoded up to twice, and without what may separate its letters."""
    readings = {text, SEPARATORS.sub("", text)}
    if not CODED.search(text):
        return readings
    for _ in range(2):
        readings |= {
            decoded
            for reading in readings
            for decoded in (unquote(reading), unquote_plus(reading), html.unescape(reading), _unescape(reading))
        }
    return readings


def _unescape(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        number = match[1] or match[2]
        return chr(int(number, 16)) if number else str(match[3])

    return ESCAPE.sub(letter, text) if "\\" in text else text
