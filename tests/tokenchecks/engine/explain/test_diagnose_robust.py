"""Nothing makes the explainer fail or slow."""

import base64
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokenchecks.engine.labelled import healthy
from tokenchecks.engine.explain.diagnose import diagnose
from tokenchecks.engine.explain.normalize import HEAD, TAIL, chunks, clip, readable


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=600) | st.text(max_size=600))
def test_nothing_makes_it_fail(raw: bytes | str) -> None:
    assert healthy(diagnose(raw))


PIECES = st.sampled_from(
    ["AADSTS", "7000215", "50126", '{"error":', "invalid_grant", "535 5.7.3", "\n", " ", "%", "\\u00", "&#x",
     "ErrorAccessDenied", "HTTP 503", "\0", "[", "]", "certificate", "timeout", "5.7.139", "\\n", "=\n",
     "code", "é", "İ", "\ud800"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=60))
def test_no_mixture_of_what_it_looks_for_makes_it_fail(pieces: list[str]) -> None:
    assert healthy(diagnose("".join(pieces)))


@pytest.mark.parametrize(
    "raw",
    [
        b"\0" * 1_000_000,
        bytes(range(256)) * 4000,
        b"[" * 1_000_000,
        b'{"a":' * 200_000,
        b"%25" * 300_000,
        b"&amp;" * 200_000,
        b"\\\\u0041" * 150_000,
        b"\\" * 1_000_000,
        b"AADSTS" * 170_000,
        b"AADSTS7 " * 130_000,
        b"AADSTS" + b"7" * 1_000_000,
        b"1 " * 500_000,
        b"5.7." * 250_000,
        b"550 5.7.1 " * 100_000,
        b"error code " * 90_000,
        b"client_secret " * 70_000,
        b"roles mail roles " * 60_000,
        b"certificate " * 80_000,
        b"tenant " * 140_000,
        b"secret a b c d e " * 60_000,
        b"object '" * 120_000,
        b"> " * 500_000,
        b"=\n" * 500_000,
        b"_" * 1_000_000,
        b"a_" * 500_000,
        b" " * 1_000_000,
        b"\n" * 1_000_000,
        b"HTTP " * 200_000,
        b"login failed office365 " * 40_000,
        b"office365 " * 100_000,
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_time_grows_with_the_length_alone(raw: bytes) -> None:
    taken = [spent(raw[:size]) for size in (len(raw) // 16, len(raw) // 4)]
    assert healthy(diagnose(raw))
    # Four times the text takes at most about four times as long; a quadratic search would take sixteen times.
    assert taken[1] < 8 * taken[0] + 0.2


def spent(raw: bytes) -> float:
    started = time.process_time()
    diagnose(raw)
    return time.process_time() - started


def test_of_an_endless_text_the_head_and_the_tail_are_read() -> None:
    raw = clip(chunks(b"head" + b"x" * 60_000_000 + b"tail"))
    assert len(raw) <= HEAD + TAIL + 1
    assert raw.startswith(b"head")
    assert raw.endswith(b"tail")


def test_what_is_short_is_read_as_a_whole() -> None:
    assert clip(chunks(b"x" * (HEAD + 7))) == b"x" * (HEAD + 7)


def test_base64_is_left_alone() -> None:
    coded = base64.b64encode(b"AADSTS50126").decode()
    assert readable(coded) == coded
