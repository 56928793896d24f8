"""Identifiers and addresses: invisible characters are dropped, and any other character beyond ASCII is refused.

They are GUIDs, URLs, domains, mail addresses and account names, in none of which such a character has a meaning.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

import idna

from configurator.signs.naming import Sign, StrangeSign
from configurator.signs.tables import INVISIBLE, LINE_ENDS, REVERSING, is_blank, looks_like

DROPPED: Final = INVISIBLE - set(REVERSING)
ASCII_AROUND: Final = " \t\r\n\x0b\x0c"
MORE_THAN_ONE: Final = ' <>",;'
# Scripts that are written together.
TOGETHER: Final = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "KATAKANA-HIRAGANA": "CJK", "BOPOMOFO": "CJK", "HANGUL": "CJK"}


def stripped(text: str) -> str:
    """Return the text without invisible characters, and without blanks and line ends around it."""
    if text.isascii():  # an import calls this some thirty times a row
        return text.strip(ASCII_AROUND)
    seen = "".join(char for char in text if char not in DROPPED)
    first = next((place for place, char in enumerate(seen) if not _surrounds(char)), len(seen))
    last = next((place for place in range(len(seen), first, -1) if not _surrounds(seen[place - 1])), first)
    return seen[first:last]


def dropped(text: str) -> list[Sign]:
    """Return the characters that ``stripped`` drops because they are invisible, each kind once."""
    return list({char: Sign(char, place) for place, char in enumerate(text, 1) if char in DROPPED}.values())


def unseen(text: str) -> list[Sign]:
    """Return the invisible characters, and the unusual blanks, with their positions."""
    return [Sign(char, place) for place, char in enumerate(text, 1) if _hides(char)]


def _hides(char: str) -> bool:
    """Return whether the character is invisible, or a blank that no keyboard has."""
    return char in INVISIBLE or (is_blank(char) and char != " ")


def strange(text: str) -> Sign | None:
    """Return the first character that is not printable ASCII, None where there is none."""
    if _is_plain(text):
        return None
    return next((Sign(char, place) for place, char in enumerate(text, 1) if not " " <= char <= "~"), None)


def plain(text: str) -> str:
    """Return the text in printable ASCII; StrangeSign where something else is in it that cannot be dropped."""
    value = stripped(text)
    sign = strange(value)
    if sign:
        raise StrangeSign(sign)
    return value


def address(text: str) -> str:
    """Return a mail address or an account name without invisible characters.

    Raises StrangeSign for a character that is not printable ASCII, and in the domain for a lookalike; not for more than
    one address, or a display name.
    """
    value = stripped(text)
    if any(char in value for char in MORE_THAN_ONE):
        return value
    local, at, domain = value.rpartition("@")
    sign = strange(local)
    if sign:
        raise StrangeSign(sign)
    sign = _out_of_place(domain)
    if sign:
        raise StrangeSign(Sign(sign.char, len(local + at) + sign.place), _ascii_form(domain, sign))
    return local + at + unicodedata.normalize("NFC", domain)


def _out_of_place(domain: str) -> Sign | None:
    """Return the first character that no domain may have, or that is a lookalike."""
    if _is_plain(domain):
        return None
    wrong = (Sign(char, place) for place, char in enumerate(domain, 1) if char in REVERSING or not _is_drawn(char))
    return next(wrong, None) or strange_in_domain(domain)


def _is_plain(text: str) -> bool:
    """Return whether the text is printable ASCII, as nearly all are."""
    return text.isascii() and text.isprintable()


def _is_drawn(char: str) -> bool:
    """Return whether the character is neither a blank nor a control character."""
    return char == " " or not (_surrounds(char) or unicodedata.category(char)[0] == "C")


def _ascii_form(domain: str, sign: Sign) -> str:
    """Return how to enter a domain that is really written so, as an unusual one may be; "" where there is no such."""
    try:
        form = idna.encode(domain).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""
    return f"If the domain is really spelt so, enter it as {form}." if sign.char.isalpha() else ""


def strange_in_domain(domain: str) -> Sign | None:
    """Return the first lookalike in an internationalised domain, None where there is none.

    Letters of other scripts are right as long as a label keeps to one script, or to those written together, and does
    not consist of lookalikes alone (UTS #39, highly restrictive). Compatibility forms, such as full-width letters, are
    never right.
    """
    start = 0
    for label in domain.split("."):
        sign = _strange_in_label(label)
        if sign:
            return Sign(sign.char, start + sign.place)
        start += len(label) + 1
    return None


def _strange_in_label(label: str) -> Sign | None:
    others = [Sign(char, place) for place, char in enumerate(label, 1) if not char.isascii()]
    if not others:
        return None
    for sign in others:
        composed = unicodedata.normalize("NFC", sign.char)
        if unicodedata.normalize("NFKC", sign.char) != composed or not (sign.char.isalnum() or _is_mark(sign.char)):
            return sign
    scripts = set(_scripts(label))
    similar = [sign for sign in others if looks_like(sign.char)]
    letters = [char for char in label if char.isalpha()]
    if len(scripts) > 1 and scripts != {"CJK", "LATIN"}:
        foreign = [sign for sign in others if _script(sign.char) not in ("", "LATIN")]
        return next((sign for sign in foreign if sign in similar), foreign[0])
    if scripts == {"LATIN"}:
        return next((sign for sign in similar if len(looks_like(sign.char)) == 1), None)
    return similar[0] if similar and all(looks_like(char) for char in letters) else None


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Mc")


def _scripts(label: str) -> Iterator[str]:
    return (script for script in map(_script, label) if script)


def _script(char: str) -> str:
    """Return the script of the letter, from its name; "" for what goes with any."""
    if not char.isalpha():
        return ""
    word = unicodedata.name(char, "unknown").split()[0]
    return TOGETHER.get(word, word)


def _surrounds(char: str) -> bool:
    """Return whether the character is stripped from the ends of a value."""
    return is_blank(char) or char in LINE_ENDS or char == "\t"
