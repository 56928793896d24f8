"""Identifiers and addresses: what is not seen is dropped, and any other sign beyond ASCII is named.

They are GUIDs, URLs, domains, mail addresses and account names, in none of which such a sign has a meaning.
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
    """Return the text without the signs that are not seen, and without blanks and line ends around it."""
    if text.isascii():  # an import asks this some thirty times a row
        return text.strip(ASCII_AROUND)
    seen = "".join(char for char in text if char not in DROPPED)
    first = next((place for place, char in enumerate(seen) if not _surrounds(char)), len(seen))
    last = next((place for place in range(len(seen), first, -1) if not _surrounds(seen[place - 1])), first)
    return seen[first:last]


def dropped(text: str) -> list[Sign]:
    """Return the signs that ``stripped`` drops because they are not seen, each kind once."""
    return list({char: Sign(char, place) for place, char in enumerate(text, 1) if char in DROPPED}.values())


def unseen(text: str) -> list[Sign]:
    """Return the signs that are not seen, and the unusual blanks, with their places."""
    return [Sign(char, place) for place, char in enumerate(text, 1) if _hides(char)]


def _hides(char: str) -> bool:
    """Tell whether the sign is not seen, or is a blank but none of the keyboard's."""
    return char in INVISIBLE or (is_blank(char) and char != " ")


def strange(text: str) -> Sign | None:
    """Return the first sign that is not printable ASCII, None where there is none."""
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
    """Return a mail address or an account name without what is not seen.

    StrangeSign for a sign that is not printable ASCII, and in the domain for one that passes for another; of a text
    that holds more than one address, or a display name too, nothing is said.
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
    """Return the first sign that no domain may hold, or that passes for another."""
    if _is_plain(domain):
        return None
    wrong = (Sign(char, place) for place, char in enumerate(domain, 1) if char in REVERSING or not _is_drawn(char))
    return next(wrong, None) or strange_in_domain(domain)


def _is_plain(text: str) -> bool:
    """Tell whether the text is printable ASCII, as nearly all are."""
    return text.isascii() and text.isprintable()


def _is_drawn(char: str) -> bool:
    """Tell whether the sign is neither a blank nor a control character."""
    return char == " " or not (_surrounds(char) or unicodedata.category(char)[0] == "C")


def _ascii_form(domain: str, sign: Sign) -> str:
    """Say how to enter a domain that is really written so, as an unusual one may be; "" where there is no such."""
    try:
        form = idna.encode(domain).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""
    return f"If the domain is really spelt so, enter it as {form}." if sign.char.isalpha() else ""


def strange_in_domain(domain: str) -> Sign | None:
    """Return the first sign of an internationalised domain that passes for another, None where none does.

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
    """Return the sign that passes for another."""
    others = [Sign(char, place) for place, char in enumerate(label, 1) if not char.isascii()]
    if not others:
        return None
    for sign in others:
        composed = unicodedata.normalize("NFC", sign.char)
        if unicodedata.normalize("NFKC", sign.char) != composed or not (sign.char.isalnum() or _is_mark(sign.char)):
            return sign
    scripts = set(_scripts(label))
    alike = [sign for sign in others if looks_like(sign.char)]
    letters = [char for char in label if char.isalpha()]
    if len(scripts) > 1 and scripts != {"CJK", "LATIN"}:
        foreign = [sign for sign in others if _script(sign.char) not in ("", "LATIN")]
        return next((sign for sign in foreign if sign in alike), foreign[0])
    if scripts == {"LATIN"}:
        return next((sign for sign in alike if len(looks_like(sign.char)) == 1), None)
    return alike[0] if alike and all(looks_like(char) for char in letters) else None


def _is_mark(char: str) -> bool:
    """Tell whether the sign is a mark on the letter before it."""
    return unicodedata.category(char) in ("Mn", "Mc")


def _scripts(label: str) -> Iterator[str]:
    """Give the scripts of the label's letters."""
    return (script for script in map(_script, label) if script)


def _script(char: str) -> str:
    """Return the script of the letter, as its name tells it; "" for what goes with any."""
    if not char.isalpha():
        return ""
    word = unicodedata.name(char, "unknown").split()[0]
    return TOGETHER.get(word, word)


def _surrounds(char: str) -> bool:
    """Tell whether the sign is taken off the ends of a value."""
    return is_blank(char) or char in LINE_ENDS or char == "\t"
