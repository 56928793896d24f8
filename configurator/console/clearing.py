"""The word by which a file empties a value: a blank cell leaves it as it is."""

from typing import Final

from django.core.exceptions import ValidationError

CLEAR: Final = "[clear]"


def clears(text: str) -> bool:
    """Tell whether the text is the word, in whatever case and with blanks around it."""
    return text.strip().casefold() == CLEAR


def not_the_word(text: str) -> None:
    """Refuse the word as a value: a file that is exported and imported again would empty it."""
    if clears(text):
        raise ValidationError(f"{CLEAR} empties a value in imported files. Enter another text.", code="clears")
