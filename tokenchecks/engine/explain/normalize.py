"""From any pasted bytes to a text that can be searched: cut, decoded, unwrapped, unescaped."""

import base64
import html
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

from tokenchecks.engine.explain.decoding import decoded, plain_letters, unpacked

HEAD: Final = 128 * 1024
TAIL: Final = 128 * 1024
# One encoding may be wrapped in another.
ROUNDS: Final = 6
ROOM: Final = 2 * (HEAD + TAIL)
URL: Final = re.compile("%[0-9a-fA-F]{2}")
PLUS: Final = re.compile(r"(?<=\w)\+(?=\w)")
ENTITY: Final = re.compile(r"&(?:#?\w{2,8});")
LETTER: Final = re.compile(r"\\{1,8}u(?:([0-9a-fA-F]{4})|\{([0-9a-fA-F]{1,5})\})|%u([0-9a-fA-F]{4})")
BYTES: Final = re.compile(r"(?:\\{1,8}x[0-9a-fA-F]{2})+|(?:\\[0-3][0-7]{2}){2,}")
BREAK: Final = re.compile(r"\\{1,8}[rnt]")
ESCAPED: Final = re.compile(r"\\{1,8}([\"'/])")
TERMINAL: Final = re.compile(r"\x1b\[[0-9;]{0,16}[A-Za-z]")
UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]+")
PART: Final = re.compile(
    r"(?i)content-transfer-encoding: ?base64\b[^\n]{0,80}\n(?:[\w-]{1,60}:[^\n]{0,300}\n){0,8}\s{1,4}"
)
BASE64: Final = re.compile(r"[A-Za-z0-9+/\s]{8,}={0,2}")
REPLY: Final = re.compile(r"(?m)^(?:> ?){1,6}")
GROUPED: Final = re.compile(r"(?i)(aadsts[^0-9a-z]{0,4}\d{1,3})((?:[,.'\u2019]\d{3}){1,3})(?!\d)")
QUOTE: Final = re.compile(r"(?m)^[>|#\s]{1,12}")
WHITE: Final = re.compile(r"[^\S\n]+")
NARROWEST: Final = 60
SOME: Final = 2


def clip(pieces: Iterable[bytes]) -> bytes:
    """Return the head and the tail of endless data, with a line between them where something was left out."""
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
    # Where a letter has two bytes, the tail has to begin with a whole one.
    between = b"\n\0" if head.count(0) * 20 > len(head) else b"\n"
    return bytes(head + between + tail[-TAIL:])


def chunks(text: bytes, size: int = HEAD) -> Iterable[bytes]:
    return (text[start : start + size] for start in range(0, len(text), size))


def readable(raw: bytes | str) -> str:
    """Return the text as a person would read it, whatever it was wrapped in; never raises."""
    data = raw.encode("utf-8", "replace") if isinstance(raw, str) else raw
    text = decoded(clip(chunks(data)))
    for _ in range(ROUNDS):
        plain = _unescaped(unpacked(_decoded_parts(plain_letters(text))))[:ROOM]
        if plain == text:
            break
        text = plain
    text = GROUPED.sub(lambda match: match[1] + re.sub(r"\D", "", match[2]), text)
    plain = REPLY.sub("", WHITE.sub(" ", UNSEEN.sub(" ", TERMINAL.sub("", text))))
    return QUOTE.sub("", _unwrapped(plain))


def _unwrapped(text: str) -> str:
    """Return a text that was cut at a fixed width, within words too, with its lines joined."""
    lines = text.split("\n")
    width = max(map(len, lines))
    if width < NARROWEST or len({line for line in lines if len(line) == width}) < SOME:
        return text
    return "".join(line if len(line) == width else f"{line}\n" for line in lines)


def _decoded_parts(text: str) -> str:
    """Return the text of a mail with its base64 parts decoded."""
    if "base64" not in text:
        return text
    pieces, end = [], 0
    for head in PART.finditer(text):
        body = BASE64.match(text, head.end())
        if head.start() >= end and body:
            pieces += [text[end : head.start()], _base64(body[0])]
            end = body.end()
    return "".join([*pieces, text[end:]])


def _base64(body: str) -> str:
    """Return the decoded text; of what is cut, as much as there is."""
    letters = "".join(body.split()).rstrip("=")
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    return base64.b64decode(whole + "=" * (-len(whole) % 4)).decode("utf-8", "replace") + "\n"


def _unescaped(text: str) -> str:
    """Take one layer of URL, HTML or JSON encoding away."""
    if text.count("+") > text.count(" "):
        text = text.replace("+", " ")
    if URL.search(text):
        text = unquote(text, errors="replace")
        text = PLUS.sub(" ", text)
    if ENTITY.search(text):
        text = html.unescape(text)
    if "\\u" in text or "%u" in text:
        text = LETTER.sub(lambda match: chr(int(match[1] or match[2] or match[3], 16)), text)
    if "\\" in text:
        text = BYTES.sub(_bytes, text)
        text = ESCAPED.sub(r"\1", BREAK.sub("\n", text))
    return text


def _bytes(match: re.Match[str]) -> str:
    """Return the letters of bytes that were written one by one, as hexadecimal or octal numbers."""
    numbers = match[0].replace("\\", " ").split()
    data = bytes(int(one[1:], 16) if one[0] == "x" else int(one, 8) for one in numbers)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
