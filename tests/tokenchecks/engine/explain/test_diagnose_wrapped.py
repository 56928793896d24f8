"""The explainer knows a text again whatever wraps it or cuts it."""

import html
import json
import quopri
import textwrap
from collections.abc import Callable
from email.mime.text import MIMEText
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokenchecks.engine.labelled import BODY, EVERY_TEXT, healthy, pairs
from tokenchecks.engine.explain.diagnose import Diagnosis, diagnose
from tokenchecks.engine.explain.normalize import HEAD, TAIL


def cut(text: str) -> str:
    return "\n".join(text[start : start + 76] for start in range(0, len(text), 76))


def of_entra(diagnosis: Diagnosis) -> set[str]:
    return {code for code in diagnosis.codes if code.startswith("AADSTS")}


WRAPPINGS: dict[str, Callable[[str], str | bytes]] = {
    "twice": lambda text: f"{text}\n{text}",
    "upper case": str.upper,
    "lower case": str.lower,
    "cut at 76 columns": cut,
    "folded at 76 columns": lambda text: textwrap.fill(text, 76),
    "quoted in a reply": lambda text: textwrap.indent(cut(text), "> "),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()),
    "a mail in base64": lambda text: MIMEText(text, "plain", "utf-8").as_bytes(),
    "JSON in JSON": lambda text: json.dumps({"log": json.dumps({"message": text})}),
    "repr": repr,
    "repr of bytes": lambda text: repr(text.encode()),
    "URL": quote,
    "form": quote_plus,
    "HTML": lambda text: f"<p>{html.escape(text)}</p>".replace("\n", "<br>\n"),
    "HTML in HTML": lambda text: html.escape(html.escape(text)),
    "colours": lambda text: " ".join(f"\x1b[31m{word}\x1b[0m" for word in text.split(" ")),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "tabs": lambda text: text.replace(" ", "\t"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "zero-width spaces": lambda text: text.replace(" ", "\u200b "),
    "BOM": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without BOM": lambda text: text.encode("utf-16-be"),
    "log lines": lambda text: textwrap.indent(text, "2026-11-24T07:00:00.123Z ERROR [main] ", lambda _: True),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_every_text_is_known_again_whatever_wraps_it(wrapping: str) -> None:
    same = 0
    for row in EVERY_TEXT:
        plain, wrapped = diagnose(row["words"]), diagnose(WRAPPINGS[wrapping](row["words"]))
        assert healthy(wrapped)
        same += wrapped.findings[0] == plain.findings[0]
        assert not of_entra(plain) - of_entra(wrapped) or "> Fehler" in row["words"]
    assert same >= 0.98 * len(EVERY_TEXT)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(EVERY_TEXT), st.integers(0, 1500), st.integers(0, 1500))
def test_a_text_cut_anywhere_keeps_the_code_that_is_left(row: dict[str, Any], start: int, end: int) -> None:
    piece = row["words"][start:end]
    diagnosis = diagnose(piece)
    assert healthy(diagnosis)
    left = {code for code in of_entra(diagnose(row["words"])) if f"{code}:" in piece}
    assert left <= of_entra(diagnosis)


@pytest.mark.parametrize(
    "wrapped",
    [
        BODY,
        json.dumps({"log": BODY}),
        json.dumps({"event": json.dumps({"log": BODY})}),
        f"2026-11-24 07:00:00,123 ERROR [pool-1-thread-4] c.e.Mail - login failed: {BODY}",
        BODY[:90],
        quote(BODY),
        quote(quote(BODY)),
        html.escape(BODY),
        html.escape(html.escape(BODY)),
        "".join(f"> {BODY[start : start + 60]}\n" for start in range(0, len(BODY), 60)),
        BODY.encode("utf-16"),
        BODY.encode("utf-16-le"),
        BODY.encode("utf-8-sig"),
        b"\xff\xfe\x00" + BODY.encode(),
        f"\x1b[31m{BODY}\x1b[0m",
        "AADSTS\n70002 15: Invalid client secret",
        "AADSTS7000\n215",
        "AADSTS 7000215",
        "aadsts: 7000215",
        'msal: {"error_codes": [7000215], "timestamp": "2026-11-24 07:00:00Z"}',
        "Sign-in error code: 7000215",
        "https://login.microsoftonline.com/error?code=7000215",
        "Fehlercode: 7000215",
        "AADSTS7000215: Es wurde ein ungültiger geheimer Clientschlüssel angegeben.",
        "AADSTS90033: A transient error has occurred.\n" * 40 + BODY + "\nAADSTS90033: A transient error has occurred.",
        "x" * (HEAD + TAIL) + BODY,
        BODY + "x" * (HEAD + TAIL),
    ],
)
def test_whatever_it_is_wrapped_in(wrapped: str | bytes) -> None:
    diagnosis = diagnose(wrapped)
    assert pairs(diagnosis)[0] == ("secret", "console administrator")
    assert diagnosis.codes[0] == "AADSTS7000215"


@pytest.mark.parametrize(
    "text",
    [
        "Trace ID: 50126a00-50053-7000215",
        "port 50126, pid 50053",
        "2026-11-24T05:01:26 took 50076 ms",
        "1f6c0b5e-5012-4d5b-9b83-50126f1e8a11",
        "MySQL 5.7.30, PHP 5.7.3",
        "",
        "hello",
        "\0",
    ],
)
def test_numbers_that_merely_look_like_codes_are_none(text: str) -> None:
    diagnosis = diagnose(text)
    assert not diagnosis.codes
    assert not diagnosis.is_known
    assert len(diagnosis.findings) == 1
