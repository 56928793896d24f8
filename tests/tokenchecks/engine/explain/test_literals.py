"""A pattern is found wherever it is, though it is searched for only where its words are."""

import pytest

from tests.tokenchecks.engine.labelled import EVERY_TEXT
from tokenchecks.engine.explain.literals import Words, compiled
from tokenchecks.engine.explain.wordings import wordings, words_of


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("mailbox is full", "the mailbox is full"),
        ("mailbox is full", "full is a mailbox"),
        ("mail|post", "a post"),
        ("mail|", "nothing"),
        ("(?:mail)?box", "box"),
        ("(?:mail){0,3}box", "box"),
        (r"organi[sz]ation", "organisation"),
        (r"(?<!disk )\bquota(?! left)", "quota"),
        (r"(?=mail)\w+", "nothing"),
        ("(?i)MAIL", "mail"),
        ("(?i:MAIL)box", "mailbox"),
        (r"ma\s?il", "ma il"),
        ("", ""),
    ],
)
def test_pattern_is_searched_for_where_it_may_be(pattern: str, text: str) -> None:
    assert compiled(pattern).is_possible(Words(text))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("mailbox is full", "the mailbox is not here"),
        ("mail|post", "nothing"),
        ("(?:mail|post)box", "mail post"),
        ("(?:mail){1,3}?box", "box"),
        (r"organi[sz]ation", "organic"),
    ],
)
def test_pattern_is_not_searched_for_where_it_cannot_be(pattern: str, text: str) -> None:
    assert not compiled(pattern).is_possible(Words(text))


def test_words_of_one_letter_or_two_are_held_too() -> None:
    words = Words("a bc def")
    assert [word in words for word in ("a", "bc", "def", "ef", "x", "ab", "adef")] == [True] * 4 + [False] * 3


def test_each_pattern_is_found_in_the_labelled_answers() -> None:
    known = wordings()
    searches = [*(text.match for text in known.texts), *known.near.values(), *known.anywhere.values()]
    found = 0
    for text in {row["words"].lower() for row in EVERY_TEXT[::5]}:
        words = words_of(text)
        for search in (*searches, *known.sentences.values()):
            there = search.pattern.search(text) is not None
            assert (search(text, words) is not None) == there, (search.pattern.pattern, text)
            found += there
    assert found > len(EVERY_TEXT[::5])
