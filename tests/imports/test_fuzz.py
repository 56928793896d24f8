"""Files with bytes and words changed at random: whatever comes in, a reader says something or gives rows, and ends.

``make fuzz`` tries 500 seeds; the suite tries fewer, others on each day of the year.
"""

import csv
import logging
import os
import random
import re
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO, StringIO

import pytest

from tests.imports.books import workbook
from tests.imports.test_hostile import read_all

SEEDS = int(os.environ.get("FUZZ_SEEDS", "40"))
FIRST = 0 if SEEDS >= 500 else date.today().timetuple().tm_yday * SEEDS  # noqa: DTZ011  any day will do
ROWS = [
    ["Name", "Priority", "Description"],
    *([f"Queue {number}", str(number), f'a, b; "{number}" é'] for number in range(30)),
]
WORDS = (
    b"", b"\0", b'"', b"'", b",", b";", b"\t", b"\r\n", b"\xff\xfe", b"\xef\xbb\xbf", b"&amp;", b"]]>", b"<row>",
    b"<c/>", b'<c r="XFD1048576">', b'r="999999999999"', b't="e"', b't="s"', b"<f>", b"<v>1e400</v>", b"<v>-1</v>",
    b"<mergeCell ref='A1:B2'/>", b"NaN", b"1e308", b"-99999999999", b"\xe2\x80\x8b", b"=1+1", b"#N/A", b"_x0000_",
)  # fmt: skip


def text_of(chance: random.Random) -> bytes:
    """Return a text as its programs write it."""
    text = StringIO()
    csv.writer(text, delimiter=chance.choice(",;\t|")).writerows(ROWS)
    return text.getvalue().encode(chance.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))


def changed(chance: random.Random, body: bytes) -> bytes:
    """Return the bytes with some of them overwritten, taken out, doubled, or with a word in between."""
    made = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        place, length = chance.randrange(len(made) + 1), chance.randint(0, 40)
        match chance.randrange(5):
            case 0:
                made[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del made[place : place + length]
            case 2:
                made[place:place] = made[place : place + length] * chance.randint(1, 50)
            case 3:
                made[place:place] = chance.choice(WORDS)
            case _:
                made[place : place + length] = chance.choice(WORDS)
    return bytes(made)


def inside(chance: random.Random, body: bytes) -> bytes:
    """Return a workbook in one part of which something is changed, packed as it should be."""
    old, new = zipfile.ZipFile(BytesIO(body)), BytesIO()
    names = [name for name in old.namelist() if re.search(r"sheet1|workbook|styles|Types|rels|Strings", name)]
    chosen = chance.choice(names)
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            part = old.read(name)
            archive.writestr(name, changed(chance, part) if name == chosen else part)
    return new.getvalue()


BOOK = workbook(*ROWS, More=ROWS)
MAKERS: tuple[Callable[[random.Random], bytes], ...] = (
    lambda chance: changed(chance, text_of(chance)),
    lambda chance: changed(chance, BOOK),
    lambda chance: inside(chance, BOOK),
    lambda chance: inside(chance, BOOK),
)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
def test_a_changed_file_is_read_or_refused(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(seed)  # noqa: S311  not for secrets
    with caplog.at_level(logging.INFO):
        said = read_all(chance.choice(MAKERS)(chance))

    assert not said or said.endswith((".", "?"))
    # How a reader ends that was killed, or whose fault nobody foresaw.
    assert "The reader of a file ended" not in caplog.text
    assert re.findall(r"given up by its reader: (\w+)", caplog.text) == []
