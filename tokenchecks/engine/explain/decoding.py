"""From bytes to text in any encoding, and what is packed within a text; each step in bounded time and space."""

import base64
import binascii
import codecs
import re
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tokenchecks.engine.explain.languages import is_known

# At most so many characters are unpacked from one text.
ROOM: Final = 256 * 1024
MARKS: Final = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
GZIP: Final = b"\x1f\x8b"
ZLIB: Final = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
# By how often they are met; one fits if a known sentence comes out.
CODE_PAGES: Final = (
    "cp1252", "cp850", "cp1251", "cp932", "gb18030", "cp1250", "cp949", "cp950", "cp1254", "cp1253", "cp866", "cp852",
    "cp857", "cp1255", "cp1256", "cp874", "cp1258",
)  # fmt: skip
# Base64, or its form for URLs, on one line or folded; not the parts of a token, which a full stop separates.
BASE64: Final = re.compile(
    r"(?<![\w+/-])(?<!\w\.)[A-Za-z0-9+/_-]{24,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*={0,2}(?![\w+/-])(?!\.\w)", re.ASCII
)
HEX: Final = re.compile(r"(?<![\w-])(?:0x)?((?:[0-9a-fA-F]{2}[ :]?){12,})(?![\w-])", re.ASCII)
# A word of a mail's header: encoding, B or Q, and what is encoded.
HEADER_WORD: Final = re.compile(r"=\?([\w-]{2,20})\?([BbQq])\?([^?\s]{1,400})\?=\s?", re.ASCII)
QUOTED: Final = re.compile(r"quoted-printable|=3D|(?:=[0-9A-F]{2}){3}|=C[23]=[89AB][0-9A-F]")
QUOTED_BYTES: Final = re.compile(r"(?:=[0-9A-F]{2})+")
SOFT_BREAK: Final = re.compile(r"=\r?\n")
SOME: Final = 8
# A byte order mark, and a letter that was cut, are lost where a text is in UTF-8 after all.
LOST: Final = 4
WIDE: Final = re.compile("[\uff01-\uff5e\U0001d400-\U0001d7ff]+")
DIGIT: Final = re.compile(r"(?![0-9])\d")
FOREIGN: Final = re.compile(r"[^\x00-\x7f]+")
# How letters of UTF-8 begin where they were read as Windows-1252.
MISREAD: Final = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u2122\u20ac]")


@dataclass(slots=True)
class Room:
    """The rest of what may be unpacked from one text."""

    left: int = ROOM


def decoded(raw: bytes) -> str:
    """Return the text of bytes in any encoding; never raises."""
    data = inflated(raw)
    marked = next((coding for mark, coding in MARKS.items() if data.startswith(mark)), "")
    text = data.decode("utf-8", "replace")
    # What was joined to a file keeps the mark of the file, and its own encoding.
    if marked and (marked != "utf-16" or "\0" in text[SOME:] or text.count("\ufffd") > LOST):
        return data.decode(marked, "replace")
    wide = _two_bytes(data)
    if wide:
        return data.decode(wide, "replace")
    return text if "\ufffd" not in text or is_known(text) else _of_code_page(data) or text


def unpacked(text: str) -> str:
    """Return the text with what is encoded in it decoded: header words, quoted-printable, base64, hexadecimal."""
    if "=?" in text:
        text = HEADER_WORD.sub(_header_word, text)
    room = Room()
    text = HEX.sub(_packed(_of_hex, room), BASE64.sub(_packed(_of_base64, room), text))
    if "=" not in text:
        return text
    text = SOFT_BREAK.sub("", text)
    return QUOTED_BYTES.sub(_quoted, text) if QUOTED.search(text) else text


def plain_letters(text: str) -> str:
    """Return the text with digits of all scripts as 0 to 9, wide letters as usual ones, misread ones corrected."""
    if text.isascii():
        return text
    if MISREAD.search(text):
        text = FOREIGN.sub(_corrected, text)
    text = WIDE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return DIGIT.sub(lambda match: str(unicodedata.decimal(match[0])), text)


def inflated(data: bytes, room: int = ROOM) -> bytes:
    """Return what was compressed, up to the limit; other bytes unchanged."""
    if not data.startswith((GZIP, *ZLIB)):
        return data
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(data, max(1, room))
    except zlib.error:
        return data


def _two_bytes(data: bytes) -> str:
    """Return the encoding of two bytes a letter, as PowerShell writes it: nearly all zeros are on one side."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    zeros = even + odd
    if zeros * 20 < len(data) or zeros < SOME // 2:
        return ""
    if odd * 10 >= zeros * 9:
        return "utf-16-le"
    return "utf-16-be" if even * 10 >= zeros * 9 else ""


def _of_code_page(data: bytes) -> str:
    for coding in CODE_PAGES:
        try:
            text = data.decode(coding)
        except UnicodeDecodeError:
            continue
        if is_known(text):
            return text
    return ""


def _packed(unpack: Callable[[str], bytes], room: Room) -> Callable[[re.Match[str]], str]:
    """Return what replaces a match: its content if that is a text, else the match itself."""

    def replace(match: re.Match[str]) -> str:
        if room.left <= 0:
            return match[0]
        data = inflated(unpack(match[match.lastindex or 0]), room.left)
        room.left -= len(data)
        wide = _two_bytes(data)
        try:
            text = data.decode(wide or "utf-8")
        except UnicodeDecodeError:
            return match[0]
        return f" {text} " if _is_text(text) else match[0]

    return replace


def _is_text(text: str) -> bool:
    """Return whether it is what a person could read: hardly anything in it is unprintable."""
    printable = sum(letter.isprintable() or letter.isspace() for letter in text)
    return len(text) >= SOME and printable * 10 >= len(text) * 9


def _of_base64(body: str) -> bytes:
    """Return the decoded bytes; of what is cut, as much as there is."""
    letters = "".join(body.split()).rstrip("=").replace("-", "+").replace("_", "/")
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    return base64.b64decode(whole + "=" * (-len(whole) % 4))


def _of_hex(body: str) -> bytes:
    return binascii.unhexlify(re.sub("[ :]", "", body))


def _header_word(match: re.Match[str]) -> str:
    coding, kind, body = match.groups()
    try:
        data = _of_base64(body) if kind in "Bb" else QUOTED_BYTES.sub(_quoted, body.replace("_", " ")).encode("latin-1")
        return data.decode(coding if kind in "Bb" else "latin-1", "replace")
    except (LookupError, ValueError):
        return match[0]


def _quoted(match: re.Match[str]) -> str:
    data = binascii.unhexlify(match[0].replace("=", ""))
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _corrected(match: re.Match[str]) -> str:
    try:
        return b"".join(map(_byte, match[0])).decode()
    except ValueError:
        return match[0]


def _byte(letter: str) -> bytes:
    """Return the byte that was read as this letter; five have no letter in the code page."""
    return letter.encode("latin-1" if letter <= "\xff" else "cp1252")
