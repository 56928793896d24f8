"""A code is found in whatever digits and coding it was pasted, and nothing that is packed takes more than its room."""

import base64
import gzip
import html
import json
import quopri
import zlib
from urllib.parse import quote

import pytest

from tokenchecks.engine.explain.decoding import ROOM, inflated
from tokenchecks.engine.explain.diagnose import diagnose
from tokenchecks.engine.explain.normalize import HEAD, TAIL, chunks, clip, readable

BODY = json.dumps(
    {"error": "invalid_client", "error_description": "AADSTS7000222: The provided client secret keys are expired."}
)
CODED = BODY.encode()
GERMAN = "Der Remotename konnte nicht aufgelöst werden: 'login.microsoftonline.com'"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def shifted(digits: str, zero: int) -> str:
    return "".join(chr(zero + int(digit)) for digit in digits)


WRAPPED = {
    "base64": b64(CODED),
    "base64 in words": f"the body was {b64(CODED)} as it seems",
    "base64 for URLs": base64.urlsafe_b64encode(CODED).decode().rstrip("="),
    "base64 folded": base64.encodebytes(CODED).decode(),
    "base64 in base64": b64(b64(CODED).encode()),
    "base64 in JSON": json.dumps({"body": b64(CODED)}),
    "base64 in a URL": f"https://x.example/?error={quote(b64(CODED), safe='')}",
    "base64 of UTF-16": b64(BODY.encode("utf-16-le")),
    "gzip in base64": b64(gzip.compress(CODED)),
    "deflate in base64": b64(zlib.compress(CODED)),
    "hexadecimal": CODED.hex(),
    "hexadecimal with blanks": CODED.hex(" "),
    "hexadecimal with 0x": f"0x{CODED.hex().upper()}",
    "URL": quote(BODY),
    "URL twice": quote(quote(BODY)),
    "URL three times": quote(quote(quote(BODY))),
    "quoted-printable": quopri.encodestring(CODED).decode(),
    "quoted-printable throughout": "".join(f"={byte:02X}" for byte in CODED),
    "HTML": html.escape(BODY),
    "HTML by number": "".join(f"&#{byte};" for byte in CODED),
    "HTML by hexadecimal number": "".join(f"&#x{byte:x};" for byte in CODED),
    "JSON in JSON": json.dumps(json.dumps(BODY)),
    "JSON in JSON in JSON": json.dumps(json.dumps(json.dumps(BODY))),
    "escapes": "".join(f"\\u{byte:04x}" for byte in CODED),
    "escapes in JSON": json.dumps("".join(f"\\u{byte:04x}" for byte in CODED)),
    "escapes of JavaScript": "".join(f"%u{byte:04x}" for byte in CODED),
    "escapes in braces": "".join(f"\\u{{{byte:x}}}" for byte in CODED),
    "escaped bytes": "".join(f"\\x{byte:02x}" for byte in CODED),
    "octal bytes": "".join(f"\\{byte:03o}" for byte in CODED),
    "a header in base64": f"Subject: =?utf-8?B?{b64(b'AADSTS7000222: keys are expired')}?=",
    "a header in letters": "Subject: =?iso-8859-1?Q?AADSTS=37000222=3A_keys_are_expired?=",
    "full width": "ＡＡＤＳＴＳ７０００２２２：",
    "Arabic digits": f"AADSTS{shifted('7000222', 0x660)}",
    "Persian digits": f"AADSTS{shifted('7000222', 0x6F0)}",
    "Devanagari digits": f"AADSTS{shifted('7000222', 0x966)}",
    "Thai digits": f"AADSTS{shifted('7000222', 0xE50)}",
    "mathematical digits": f"AADSTS{shifted('7000222', 0x1D7CE)}",
    "grouped digits": "AADSTS7,000,222: expired",
    "several at once": quote(html.escape(json.dumps(b64(CODED)))),
}


@pytest.mark.parametrize("text", WRAPPED.values(), ids=WRAPPED)
def test_the_code_is_found(text: str) -> None:
    diagnosis = diagnose(text)
    assert diagnosis.codes[0] == "AADSTS7000222"
    assert diagnosis.findings[0].meaning.key == "secret_expired"


@pytest.mark.parametrize(
    "coding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "utf-8", "cp1252", "cp850"]
)
def test_a_file_in_another_coding_is_read(coding: str) -> None:
    assert diagnose(f"{GERMAN}\r\n".encode(coding)).findings[0].meaning.key == "net_dns"
    assert diagnose(f"{GERMAN} {BODY}".encode(coding)).codes[0] == "AADSTS7000222"


@pytest.mark.parametrize(
    ("text", "coding"),
    [
        ("リモート名を解決できませんでした", "cp932"),
        ("无法连接到远程服务器", "gb18030"),
        ("無法解析遠端名稱", "cp950"),
        ("원격 이름을 확인할 수 없습니다", "cp949"),
        ("Невозможно разрешить удаленное имя", "cp1251"),
        ("Невозможно разрешить удаленное имя", "cp866"),
        ("Nie można rozpoznać nazwy zdalnej", "cp1250"),
        ("Uzak ad çözülemedi", "cp1254"),
        ("リモート名を解決できませんでした", "utf-16"),
        (GERMAN.encode().decode("cp1252"), "utf-8"),
    ],
)
def test_the_code_page_of_a_server_is_found_out(text: str, coding: str) -> None:
    assert (
        diagnose(f"Error: {text}: 'login.microsoftonline.com'".encode(coding)).findings[0].meaning.class_ == "network"
    )


def test_a_compressed_file_is_read() -> None:
    assert diagnose(gzip.compress(CODED)).codes[0] == "AADSTS7000222"


def test_the_end_of_a_long_file_of_two_bytes_a_letter_is_read() -> None:
    raw = ("nothing\r\n" * 60_000 + BODY).encode("utf-16")
    assert diagnose(clip(chunks(raw))).codes[0] == "AADSTS7000222"


def test_nothing_that_is_packed_takes_more_than_its_room() -> None:
    bomb = zlib.compress(b"A" * 100_000_000, 9)
    assert len(inflated(bomb)) == ROOM
    assert len(readable(b64(bomb))) <= 3 * (HEAD + TAIL)
    assert len(readable(" ".join([b64(zlib.compress(b"word " * 50_000))] * 200))) <= 3 * (HEAD + TAIL)


@pytest.mark.parametrize(
    "text",
    [
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2dyYXBoLm1pY3Jvc29mdC5jb20ifQ.c2lnbmF0dXJl",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "Trace ID: 94a416f2-e1c8-4676-9b87-ed0c0f8f2000",
        "/opt/application/server/kernel/system/mail/account",
        "an_identifier_of_some_program_that_is_rather_long",
        "code=50058&state=12",
    ],
)
def test_what_is_not_coded_is_left_alone(text: str) -> None:
    assert readable(text) == text
