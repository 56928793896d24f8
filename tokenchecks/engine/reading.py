"""From whatever was pasted to a text that can be searched: cut, decoded, unwrapped, unescaped."""

import codecs
import html
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

HEAD: Final = 128 * 1024
TAIL: Final = 128 * 1024
ROUNDS: Final = 3
WIDE: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
URL: Final = re.compile("%[0-9a-fA-F]{2}")
PLUS: Final = re.compile(r"(?<=\w)\+(?=\w)")
ENTITY: Final = re.compile(r"&(?:#?\w{2,8});")
LETTER: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
SOFT_BREAK: Final = re.compile(r"=\r?\n|=3D(?=[\w\"'])")
BREAK: Final = re.compile(r"\\{1,8}[rnt]")
ESCAPED: Final = re.compile(r"\\{1,8}([\"'/])")
TERMINAL: Final = re.compile(r"\x1b\[[0-9;]{0,16}[A-Za-z]")
UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]+")
QUOTE: Final = re.compile(r"(?m)^[>|#\s]{1,12}")


def clip(pieces: Iterable[bytes]) -> bytes:
    """Return the head and the tail of what may be endless, with a line between them where something was left out."""
    source = iter(pieces)
    held = bytearray()
    for piece in source:
        held += piece
        if len(held) > HEAD + TAIL:
            break
    else:
        return bytes(held)
    head, tail = held[:HEAD], held[HEAD:]
    for piece in source:
        tail = (tail + piece)[-TAIL:]
    return bytes(head + b"\n" + tail[-TAIL:])


def chunks(text: bytes, size: int = HEAD) -> Iterable[bytes]:
    """Yield the text in pieces."""
    return (text[start : start + size] for start in range(0, len(text), size))


def readable(raw: bytes | str) -> str:
    """Return the text as a person would read it, whatever it was wrapped in; never an exception."""
    data = raw.encode("utf-8", "replace") if isinstance(raw, str) else raw
    text = _decoded(clip(chunks(data)))
    for _ in range(ROUNDS):
        plain = _unescaped(text)
        if plain == text:
            break
        text = plain
    return QUOTE.sub("", UNSEEN.sub(" ", TERMINAL.sub("", text)))


def _decoded(raw: bytes) -> str:
    """Return the text; in two bytes a letter, as PowerShell writes it, every other byte is zero."""
    zeros = raw.count(0)
    named = WIDE.get(raw[:2])
    if named and zeros * 10 > len(raw):
        return raw.decode(named, "replace")
    if zeros * 10 > len(raw) * 3:
        return raw.decode("utf-16-le" if raw[1:2] == b"\0" else "utf-16-be", "replace")
    return raw.decode("utf-8", "replace")


def _unescaped(text: str) -> str:
    """Take one layer of URL, HTML, JSON or mail encoding away."""
    if "=" in text:
        text = SOFT_BREAK.sub(lambda match: "=" if match[0] == "=3D" else "", text)
    if URL.search(text):
        text = unquote(text, errors="replace")
        text = PLUS.sub(" ", text)
    if ENTITY.search(text):
        text = html.unescape(text)
    if "\\" in text:
        text = LETTER.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
        text = ESCAPED.sub(r"\1", BREAK.sub("\n", text))
    return text
