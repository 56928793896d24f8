"""The word with which a file empties a value: a blank cell leaves it as it is."""

import re
from typing import Final

from django.core.exceptions import ValidationError

from configurator import signs

CLEAR: Final = "[clear]"


def clears(text: str) -> bool:
    """Return whether the text is the word, in any case, with blanks in and around it, or invisible characters."""
    return "[" in text and re.sub(r"\s", "", signs.tidy(text)).casefold() == CLEAR


def not_the_word(text: str) -> None:
    """Refuse the word as a value: a file that is exported and imported again would empty it."""
    if clears(text):
        raise ValidationError(f"{CLEAR} empties a value in imported files. Enter another text.", code="clears")
