"""Dates as people and spreadsheets write them: one rule for forms, filters, imports and commands.

A date is year-month-day (ISO 8601). Other ways to write one are refused, since 03/04/2027 is in March in some countries
and in April in others; where only one reading is possible the message offers it.
"""

import calendar
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from configurator.signs.values import stripped

FIRST_YEAR, LAST_YEAR = 1900, 2999
WRITE = "Write it as year-month-day, such as 2027-03-31."
INSTEAD = "Dates are written as year-month-day: write {}."
MONTHS = {name.casefold(): number for number, name in enumerate(
    ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
     "December"), 1
)}  # fmt: skip
# Words that may accompany a date and say nothing more: weekdays and the endings of ordinal numbers.
FILLERS = re.compile(
    r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:\.|day|sday|nesday|rsday|urday)?|st|nd|rd|th|of"
)
TIME = re.compile(
    r"(?:T|,?\s+)(?P<time>(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:\s*[AP]\.?M\.?)?"
    r"(?:\s*(?:Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?))?)\s*$",
    re.IGNORECASE | re.ASCII,
)
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
NUMBER = re.compile(r"\d{1,6}(?:[.,]\d+)?", re.ASCII)
# Year, month and day without anything between them (ISO 8601, basic format).
RUN_TOGETHER = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)", re.ASCII)
# A date that something follows, or a sign stands before, as programs add zones, weekdays and quotation marks.
ACCOMPANIED = re.compile(r"\W{0,2}(\d{4})-(\d{1,2})-(\d{1,2})(?:[^\w\x00-\x1f-].{0,60}|Z)?", re.ASCII)
SEPARATED = re.compile(r"[\d\s./\\,\-\u2010-\u2015\u2212年月日]+", re.ASCII)
# What a message may repeat: nothing that was pasted into the field by mistake is so short and so plain.
WORDED = re.compile(r"[\w\s.,'-]{6,40}")


class NotADate(ValueError):
    """The text is no date; the message says what to write."""


@dataclass(frozen=True)
class ReadDate:
    """The date that was read, and the time of day that was written after it and left out ("" for none)."""

    day: date
    time: str = ""

    @property
    def note(self) -> str:
        """What whoever wrote it should know, "" for nothing."""
        return f"Taken as {self.day}: the time of day {self.time} is left out." if self.time else ""


def read_date(text: str) -> ReadDate:
    """Return the date in the text; NotADate, with what to write instead, for anything but year-month-day."""
    text = stripped(text)
    time = TIME.search(text)
    written = text[: time.start()] if time else text
    parts = ISO.fullmatch(written)
    if not parts:
        nearly = _nearly(written)
        raise NotADate(INSTEAD.format(nearly) if nearly else _why_not(written))
    year, month, day = map(int, parts.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotADate(f"The year {year:04} cannot be meant: it has to be from {FIRST_YEAR} to {LAST_YEAR}.")
    try:
        return ReadDate(date(year, month, day), time["time"] if time else "")
    except ValueError:
        raise NotADate(_not_in_calendar(written, year, month, day)) from None


def _not_in_calendar(written: str, year: int, month: int, day: int) -> str:
    """Say why year, month and day are no date."""
    if 1 <= month <= len(MONTHS):
        last = date(year, month, calendar.monthrange(year, month)[1])
        return f"There is no {written}: the last day of that month is {last}." if day else f"There is no day 0. {WRITE}"
    swapped = _dates((year, day, month))
    return f"There is no month {month}." + (f" If {swapped[0]} is meant, write that." if swapped else f" {WRITE}")


def _why_not(written: str) -> str:
    """Say what is wrong with a text that is not in the form year-month-day, and what to write."""
    if NUMBER.fullmatch(written):
        return f"This is a number, as spreadsheets keep days. Format the cell as a date. {WRITE}"
    numbers = re.findall(r"\d+", written, re.ASCII)
    named = _month_named(written)
    if len(numbers) != (2 if named else 3) or not (named or SEPARATED.fullmatch(written)):
        return f"This is no date. {WRITE}"
    if all(len(number) <= 2 for number in numbers):  # noqa: PLR2004
        return f"The year has to have four digits. {WRITE}"
    found = _dates(*_readings(numbers, named))
    if not found:
        return f"There is no such day in the calendar. {WRITE}"
    if len(found) > 1:
        return (
            f"{written} is {found[0]} in some countries and {found[1]} in others. Write the one that is meant, as "
            "year-month-day."
        )
    return INSTEAD.format(found[0])


def _nearly(written: str) -> date | None:
    """Return the date of a text that lacks its hyphens, has something around it, or digits of another alphabet."""
    digits = "".join(str(unicodedata.decimal(char, char)) for char in unicodedata.normalize("NFKC", written))
    parts = RUN_TOGETHER.fullmatch(digits) or ACCOMPANIED.fullmatch(digits)
    found = _dates((int(parts[1]), int(parts[2]), int(parts[3]))) if parts else []
    return found[0] if found else None


def _month_named(written: str) -> int:
    """Return the number of the month that is named in English, 0 where none is or other words are there too."""
    if not WORDED.fullmatch(written):
        return 0
    words = [word for word in re.findall(r"[^\W\d_]+", written.casefold()) if not FILLERS.fullmatch(word)]
    if len(words) != 1 or len(words[0]) < 3:  # noqa: PLR2004
        return 0
    return next((number for name, number in MONTHS.items() if name.startswith(words[0])), 0)


def _readings(numbers: list[str], month: int) -> Iterator[tuple[int, int, int]]:
    """Yield each (year, month, day) as which some country reads the numbers."""
    first, last = int(numbers[0]), int(numbers[-1])
    year_first = len(numbers[0]) > 2  # noqa: PLR2004
    if month:
        yield (first, month, last) if year_first else (last, month, first)
    elif year_first:
        yield first, int(numbers[1]), last
    else:
        yield last, int(numbers[1]), first
        yield last, first, int(numbers[1])


def _dates(*readings: tuple[int, int, int]) -> list[date]:
    """Return the dates among (year, month, day), each once, the earliest first."""
    found = set()
    for year, month, day in readings:
        if FIRST_YEAR <= year <= LAST_YEAR:
            with suppress(ValueError):
                found.add(date(year, month, day))
    return sorted(found)
