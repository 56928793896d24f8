"""Searches a text for many patterns in little time.

Hardly any of some hundred patterns is in a text, and to look for a word is a hundred times as fast as to search for a
pattern. So each pattern is searched for only where the words are in the text that it cannot match without.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

# The parser of `re`, which has no public name. Whatever else is in its tree, _needs() takes to match anything.
PARSER: Final[Any] = import_module("re._parser")
GRAM: Final = 3


class Words:
    """The words of a text: letters in a row, without a blank or line break, and every part of them."""

    def __init__(self, text: str) -> None:
        """Keep each word of the text once, and what they are made of: most that it does not hold need no more."""
        whole = self._whole = " ".join(set(text.split()))
        self._grams = {whole[at : at + GRAM] for at in range(len(whole) - GRAM + 1)}
        self._known: dict[str, bool] = {}

    def __contains__(self, word: str) -> bool:
        """Whether the word is in the text."""
        known = self._known.get(word)
        if known is None:
            grams = (word[at : at + GRAM] in self._grams for at in range(len(word) - GRAM + 1))
            known = self._known[word] = all(grams) and word in self._whole
        return known


Needs = Callable[[Words], bool]


@dataclass(frozen=True, slots=True)
class Search:
    """A pattern, and the words that a text that matches it holds; None where it needs none."""

    pattern: re.Pattern[str]
    needs: Needs | None

    def is_possible(self, words: Words) -> bool:
        """Whether a text may match that holds these words, or fewer."""
        return self.needs is None or self.needs(words)

    def __call__(self, text: str, words: Words) -> re.Match[str] | None:
        """Return what the pattern's own `search` does; `words` are those of the text, or more."""
        return self.pattern.search(text) if self.is_possible(words) else None


def compiled(pattern: str) -> Search:
    """Compile a pattern that is searched for in many texts."""
    made = re.compile(pattern)
    return Search(made, None if made.flags & re.IGNORECASE else _all(_needs(PARSER.parse(pattern))))


def _needs(tree: Iterable[tuple[Any, Any]]) -> Iterator[Needs | None]:
    """Yield what each part of a sequence does not match without."""
    letters = ""
    for kind, value in tree:
        if kind is PARSER.LITERAL:
            letters += chr(value)
            continue
        yield from map(_word, letters.split())
        letters = ""
        if kind is PARSER.BRANCH:
            yield _any(_all(_needs(branch)) for branch in value[1])
        elif kind is PARSER.SUBPATTERN and not value[1] & re.IGNORECASE:
            yield _all(_needs(value[3]))
        elif kind in {PARSER.MAX_REPEAT, PARSER.MIN_REPEAT} and value[0]:
            yield _all(_needs(value[2]))
    yield from map(_word, letters.split())


def _word(word: str) -> Needs:
    return lambda words: word in words


def _all(needs: Iterable[Needs | None]) -> Needs | None:
    known = [need for need in needs if need]
    return (lambda words: all(need(words) for need in known)) if known else None


def _any(needs: Iterable[Needs | None]) -> Needs | None:
    every = list(needs)
    known = [need for need in every if need]
    return (lambda words: any(need(words) for need in known)) if len(known) == len(every) else None
