"""Yes and no, as files write them: one reading for every column that knows only these two."""

from typing import Final

from configurator import signs

YES: Final = frozenset({"yes", "y", "true", "1", "1.0", "on", "x"})
NO: Final = frozenset({"no", "n", "false", "0", "0.0", "off"})
YES_OR_NO: Final = "Enter Yes or No (true or false, on or off, 1 or 0, and x for yes are taken too)."


def yes_or_no(text: str) -> bool | None:
    """Return what the word says, in whatever case; None where it says neither, as a blank does."""
    word = signs.key(text)
    return word in YES if word in YES | NO else None


def read_ticks(data: dict[str, str], *names: str) -> dict[str, list[str]]:
    """Turn the words of these fields into what a tick box takes, a blank into no tick; return the messages by field."""
    errors = {}
    for name in names:
        ticked = yes_or_no(data[name])
        if ticked is None and data[name].strip():
            errors[name] = [YES_OR_NO]
        data[name] = "true" if ticked else "false"
    return errors
