"""The form of the secrets that Entra makes since 2021: three characters, a digit, "Q~", and 31 to 34 more."""

import re
from typing import Final

BEGINS_AS_MADE: Final = re.compile(r"[\w~.-]{3}\dQ~", re.ASCII)
SHORTEST_MADE, LONGEST_MADE = 37, 40
# The rest of a secret whose first characters were not copied.
HEADLESS: Final = re.compile(r"([\w~.-]{0,2}\d)?Q~[\w~.-]{20,34}", re.ASCII)


def is_cut(text: str) -> bool:
    """Return whether a part of a secret made by Entra is missing."""
    if BEGINS_AS_MADE.match(text):
        return len(text) < SHORTEST_MADE
    return bool(HEADLESS.fullmatch(text)) or text.endswith("...")
