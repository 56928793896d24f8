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


# More is read of no text.
READ = HEAD + TAIL


@pytest.mark.parametrize(
    "shape",
    [
        b"\0",
        bytes(range(256)),
        b"[",
        b'{"a":',
        b"%25",
        b"&amp;",
        b"\\\\u0041",
        b"\\",
        b"AADSTS",
        b"AADSTS7 ",
        b"AADSTS" + b"7" * (READ),
        b"1 ",
        b"5.7.",
        b"550 5.7.1 ",
        b"error code ",
        b"client_secret ",
        b"roles mail roles ",
        b"certificate ",
        b"tenant ",
        b"secret a b c d e ",
        b"object '",
        b"> ",
        b"=\n",
        b"_",
        b"a_",
        b" ",
        b"\n",
        b"HTTP ",
        b"login failed office365 ",
        b"office365 ",
    ],
    ids=lambda shape: repr(shape[:12]),
)
def test_time_grows_with_the_length_alone(shape: bytes) -> None:
    whole = shape * max(1, READ // len(shape))
    short, long = spent(whole[: len(whole) // 4]), spent(whole)
    # Four times the text takes at most about four times as long; a quadratic search would take sixteen times.
    assert long < 8 * short + 0.2


def spent(raw: bytes) -> float:
    started = time.process_time()
    diagnosis = diagnose(raw)
    taken = time.process_time() - started
    assert healthy(diagnosis)
    return taken


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
