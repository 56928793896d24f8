"""The redactor by itself: it takes secrets out and leaves the rest."""

import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configurator.vault.text import Secret
from tokenchecks.engine.redact import LEFT_OUT, MARK, Redactor

WORDS = "AADSTS7000215: Invalid client secret provided. Trace ID: 5d2f Timestamp: 2026-11-24 00:00:00Z"


def test_what_holds_no_secret_stays_as_it_is() -> None:
    assert Redactor([Secret("abc8Q~0123456789")]).clean(WORDS) == WORDS
    assert Redactor([]).clean(WORDS) == WORDS
    assert Redactor([Secret("")]).clean(WORDS) == WORDS


def test_the_place_is_marked() -> None:
    redactor = Redactor([Secret("abc8Q~0123456789")])
    assert redactor.clean("You sent ABC8Q~0123456789, twice: abc8Q~0123456789.") == (f"You sent {MARK}, twice: {MARK}.")


def test_a_long_piece_is_enough() -> None:
    assert Redactor([Secret("abc8Q~0123456789")]).clean("ends with 23456789") == f"ends with {MARK}"


@pytest.mark.parametrize("secret", ["a", "abc", "Secret1"])
def test_a_short_secret_leaves_nothing(secret: str) -> None:
    assert Redactor([Secret(secret)]).clean(f"You sent {secret}.") == LEFT_OUT


def test_a_token_is_marked() -> None:
    assert Redactor([]).clean("Bearer eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln rejected") == f"Bearer {MARK} rejected"


def test_one_line_of_printable_text_comes_out() -> None:
    assert Redactor([]).clean("a\r\n\x1b[31mb\u202ec\u200b\ud800d\x00") == "a [31mb c \ud800d"


def test_there_is_a_limit() -> None:
    assert len(Redactor([]).clean("x y" * 5000)) == 1000
    assert Redactor([]).clean("abcdef", 4) == "abc…"


def test_a_secret_at_the_limit_is_not_cut_open() -> None:
    cleaned = Redactor([Secret("abc8Q~0123456789")]).clean("x" * 995 + "abc8Q~0123456789")
    assert "abc" not in cleaned


def test_one_more_secret_can_be_added() -> None:
    redactor = Redactor([])
    assert redactor.clean("opaque-token") == "opaque-token"
    assert redactor.also(Secret("opaque-token")).clean("opaque-token") == MARK


@pytest.mark.parametrize("text", ["", "a b", "<b>", "x" * 65, "ä", None, 7, ["x"], "a\n"])
def test_what_is_no_identifier_is_left_out(text: object) -> None:
    assert Redactor([]).identifier(text) == ""


@pytest.mark.parametrize("text", ["invalid_client", "a3c5e7f9-1b2d-4e6f-8a0c-1f2e3d4c5b6a", "ErrorAccessDenied"])
def test_identifiers_stay(text: str) -> None:
    assert Redactor([Secret("abc8Q~0123456789")]).identifier(text) == text


@settings(max_examples=300, deadline=None)
@given(
    secret=st.text(min_size=8, max_size=60),
    before=st.text(max_size=20),
    after=st.text(alphabet=string.printable, max_size=20),
)
def test_whatever_the_secret_it_is_gone(secret: str, before: str, after: str) -> None:
    cleaned = Redactor([Secret(secret)]).clean(before + secret + after)
    pieces = [secret[start : start + 8] for start in range(len(secret) - 7)]
    assert not [piece for piece in pieces if piece in cleaned and piece not in MARK and piece not in LEFT_OUT]


@settings(max_examples=200, deadline=None)
@given(secret=st.text(min_size=1, max_size=40), text=st.text(max_size=300))
def test_nothing_makes_it_fail(secret: str, text: str) -> None:
    redactor = Redactor([Secret(secret)])
    assert len(redactor.clean(text)) <= 1000
    redactor.identifier(text)


@pytest.mark.parametrize(
    "text", ["%25" * 100_000, "&amp;" * 100_000, "\\u0041" * 50_000, "eyJ" * 100_000, "a" * 262_144]
)
def test_long_texts_take_no_time(text: str) -> None:
    redactor = Redactor([Secret("s" * 8192), Secret("abc8Q~0123456789")])
    redactor.clean("warm")
    started = time.process_time()
    redactor.clean(text)
    assert time.process_time() - started < 1.0
