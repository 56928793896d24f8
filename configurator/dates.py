"""Dates as people and spreadsheets write them: one rule for forms, filters, imports and commands.

A date is year-month-day (ISO 8601). Other ways to write one are refused, since 03/04/2027 is in March in some countries
and in April in others; where only one reading is possible the message offers it.
"""

import calendar
import re
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from configurator.months import months_named
from configurator.signs.values import stripped

FIRST_YEAR, LAST_YEAR = 1900, 2999
WRITE = "Write it as year-month-day, such as 2027-03-31."
INSTEAD = "Dates are written as year-month-day: write {}."
MONTHS = 12
TIME = re.compile(
    r"(?:T|,?\s+)(?P<time>(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:\s*[AP]\.?M\.?)?"
    r"(?:\s*(?:Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?))?)\s*$",
    re.IGNORECASE | re.ASCII,
)
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
NUMBER = re.compile(r"\d{1,6}(?:[.,]\d+)?", re.ASCII)
# Year, month and day without separators (ISO 8601, basic format).
RUN_TOGETHER = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)", re.ASCII)
# A date with something after it, or a character before it, as programs add zones, weekdays and quotation marks.
ACCOMPANIED = re.compile(r"\W{0,2}(\d{4})-(\d{1,2})-(\d{1,2})(?:[^\w\x00-\x1f-].{0,60}|Z)?", re.ASCII)
SEPARATED = re.compile(r"[\d\s./\\,\-\u2010-\u2015\u2212年月日]+", re.ASCII)
LONGEST = 80  # characters in which names of months are looked for
# The years of Thailand's calendar, which its spreadsheets write.
THAI, THAI_YEARS = re.compile("[\u0e01-\u0e5b]"), 543


class NotADate(ValueError):
    """The text is no date; the message says what to write."""


@dataclass(frozen=True)
class ReadDate:
    """The date that was read, and the time of day after it, which was left out ("" for none)."""

    day: date
    time: str = ""

    @property
    def note(self) -> str:
        """A remark for the author, "" for none."""
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
    if 1 <= month <= MONTHS:
        last = date(year, month, calendar.monthrange(year, month)[1])
        return f"There is no {written}: the last day of that month is {last}." if day else f"There is no day 0. {WRITE}"
    swapped = _dates((year, day, month))
    return f"There is no month {month}." + (f" If {swapped[0]} is meant, write that." if swapped else f" {WRITE}")


def _why_not(written: str) -> str:
    """Return what is wrong with a text that is not year-month-day, and what to write."""
    if NUMBER.fullmatch(written):
        return f"This is a number, as spreadsheets keep days. Format the cell as a date. {WRITE}"
    numbers = re.findall(r"\d+", _plain_digits(written), re.ASCII)
    months, only_words_of_dates = _words(written)
    parts = 2 if months else 3
    if len(numbers) == 1 and months:
        return f"The {'year' if len(numbers[0]) <= 2 else 'day'} is missing. {WRITE}"  # noqa: PLR2004
    if len(numbers) != parts or not only_words_of_dates:
        return f"This is no date. {WRITE}"
    if all(len(number) <= 2 for number in numbers):  # noqa: PLR2004
        return f"The year has to have four digits. {WRITE}"
    return _instead(written, numbers, months)


def _words(written: str) -> tuple[frozenset[int], bool]:
    """Return the months that are named, and whether there is nothing else but numbers and words of dates."""
    if SEPARATED.fullmatch(written):
        return frozenset(), True
    return months_named(written) if len(written) <= LONGEST else (frozenset(), False)


def _instead(written: str, numbers: list[str], months: Collection[int]) -> str:
    """Return what to write instead of the numbers, the names of months, and what accompanies them."""
    found = _dates(*_readings(numbers, months, THAI_YEARS if THAI.search(written) else 0))
    if not found:
        return f"There is no such day in the calendar. {WRITE}"
    if len(found) == 1:
        return INSTEAD.format(found[0])
    where = "languages" if months else "countries"
    return (
        f"{written} is {found[0]} in some {where} and {found[1]} in others. Write the one that is meant, as "
        "year-month-day."
    )


def _nearly(written: str) -> date | None:
    """Return the date of a text that lacks its hyphens, has something around it, or digits of another alphabet."""
    digits = _plain_digits(written)
    parts = RUN_TOGETHER.fullmatch(digits) or ACCOMPANIED.fullmatch(digits)
    found = _dates((int(parts[1]), int(parts[2]), int(parts[3]))) if parts else []
    return found[0] if found else None


def _plain_digits(text: str) -> str:
    """Return the text with its digits as 0 to 9, of any alphabet."""
    return "".join(str(unicodedata.decimal(char, char)) for char in unicodedata.normalize("NFKC", text))


def _readings(numbers: list[str], months: Collection[int], ahead: int) -> Iterator[tuple[int, int, int]]:
    """Yield each (year, month, day) as which some country reads the numbers, with the months that are named.

    A year that cannot be meant otherwise is one of a calendar that is so many years ahead.
    """
    years = [int(number) - (ahead if int(number) > FIRST_YEAR + ahead else 0) for number in numbers]
    first, last = int(numbers[0]), int(numbers[-1])
    year_first = len(numbers[0]) > 2  # noqa: PLR2004
    if months:
        for month in months:
            yield (years[0], month, last) if year_first else (years[-1], month, first)
    elif year_first:
        yield years[0], int(numbers[1]), last
    else:
        yield years[-1], int(numbers[1]), first
        yield years[-1], first, int(numbers[1])


def _dates(*readings: tuple[int, int, int]) -> list[date]:
    """Return the dates among (year, month, day), each once, the earliest first."""
    found = set()
    for year, month, day in readings:
        if FIRST_YEAR <= year <= LAST_YEAR:
            with suppress(ValueError):
                found.add(date(year, month, day))
    return sorted(found)
