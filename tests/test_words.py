"""Code speaks plain English: what is left of the dialect that it once spoke only ever shrinks."""

import ast

import pytest

from tests.words import Count, ceilings, count, dialect_in, names_in, words_of


@pytest.fixture(scope="module")
def left() -> dict[str, Count]:
    """What is left in each room."""
    return count()


def test_no_room_has_more_of_it_than_before(left: dict[str, Count]) -> None:
    held = ceilings()
    for room, found in left.items():
        names, prose = held.get(room, (0, 0))
        advice = f"{room} may have {{}} such words in its {{}}; use Django's words or the field's:\n  {{}}"
        assert len(found.names) <= names, advice.format(names, "names", "\n  ".join(found.names))
        assert len(found.prose) <= prose, advice.format(prose, "docstrings and comments", "\n  ".join(found.prose))


def test_words_are_found_in_names_and_prose() -> None:
    tree = ast.parse("def was_told(asker):\n    rungAt = 1\n    self.alike = keyring = string = 2\n")
    found = [word for _, name in names_in(tree) for word in sorted(words_of(name))]
    assert sorted(found) == ["alike", "asker", "rung", "told"]
    assert dialect_in("Stands beside ``alike``, save for the keyring.") == ["stands", "beside", "save for"]
