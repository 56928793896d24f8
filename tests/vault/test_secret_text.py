"""The secret in memory shows itself to nobody."""

import copy
import json
import pickle
import traceback
from collections.abc import Callable

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from configurator.vault.text import Secret

TEXT = "canary-€😀-text"


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        "{}".format,
        "{:>40}".format,
        "{!r}".format,
        "%s".__mod__,
        "%r".__mod__,
        ascii,
        lambda secret: repr([secret]),
    ],
)
def test_it_shows_a_placeholder(show: Callable[[Secret], str]) -> None:
    shown = show(Secret(TEXT))
    assert "[secret]" in shown
    assert "canary" not in shown


@pytest.mark.parametrize(
    "take",
    [
        copy.copy,
        copy.deepcopy,
        pickle.dumps,
        json.dumps,
        lambda secret: json.dumps(secret, cls=DjangoJSONEncoder),
        vars,
        iter,
        len,
        hash,
        lambda secret: secret.__getstate__(),
        lambda secret: secret.__reduce__(),
        lambda secret: secret + "",
    ],
)
def test_it_refuses_to_be_taken_along(take: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError) as error:
        take(Secret(TEXT))
    assert "canary" not in str(error.value)


def test_it_cannot_be_changed() -> None:
    secret = Secret(TEXT)
    with pytest.raises(AttributeError):
        secret.note = "x"
    with pytest.raises(AttributeError):
        del secret._Secret__text  # type: ignore[attr-defined]  # that is what is tried


def test_it_is_made_of_text_only() -> None:
    with pytest.raises(TypeError):
        Secret(b"bytes")  # type: ignore[arg-type]  # that is what is tried


def test_a_template_shows_the_placeholder() -> None:
    assert Template("{{ secret }}").render(Context({"secret": Secret(TEXT)})) == "[secret]"


def test_a_template_does_not_reach_the_text() -> None:
    """A template calls what it finds, so the name that gives the text must not work there."""
    assert Template("{{ secret.reveal }}").render(Context({"secret": Secret(TEXT)})) == ""


def test_a_traceback_with_locals_shows_the_placeholder() -> None:
    try:
        _fail(Secret(TEXT))
    except ZeroDivisionError as error:
        report = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "[secret]" in report
    assert "canary-€" not in report


def _fail(secret: Secret) -> float:
    return 1 / int(secret == Secret("other"))


def test_reveal_gives_the_text() -> None:
    assert Secret(TEXT).reveal() == TEXT


def test_truth_and_equality() -> None:
    assert not Secret("")
    assert Secret(TEXT)
    assert Secret(TEXT) == Secret(TEXT)
    assert Secret(TEXT) != Secret(TEXT.upper())
    assert Secret(TEXT) != TEXT


@given(st.text(), st.text())
def test_fingerprints_tell_apart_and_need_the_key(one: str, other: str) -> None:
    print_ = Secret(one).fingerprint(b"key")
    assert len(print_) == 8
    assert (print_ == Secret(other).fingerprint(b"key")) == (one == other)
    assert print_ != Secret(one).fingerprint(b"another key")


def test_half_a_character_compares_without_an_error() -> None:
    assert Secret("\ud800") == Secret("\ud800")


@pytest.mark.parametrize(("length", "hint"), [(0, ""), (31, ""), (32, "aaa"), (40, "aaa")])
def test_only_a_long_secret_has_a_hint(length: int, hint: str) -> None:
    assert Secret("a" * length).hint() == hint
