"""Yes and no in files: one reading for every column that knows only these two."""

import pytest

from imports.kinds import KINDS
from imports.kinds.addresses import NO_ADDRESS
from imports.kinds.ticks import YES_OR_NO, yes_or_no
from queues.models import NotDefined
from tests.imports.files import errors_of, looked_at, rows_of, tab
from tests.people import address, incoming, queue

pytestmark = pytest.mark.django_db

YES = ("Yes", "YES", "y", "Y", "true", "TRUE", "True", "1", "on", "On", "x", "X", " yes ", "1.0", "yes\u200b")
NO = ("No", "no", "N", "n", "false", "FALSE", "0", "off", "OFF", " No", "0.0", "n\u200bo")


@pytest.mark.parametrize("column", ["Enabled", *(KINDS["queue"].labels[name] for name in ("preferred_agent",))])
def test_a_queues_columns_read_all_of_them(column: str) -> None:
    words = [*YES, *NO]
    queues = [queue(name=f"Queue {number}", enabled=number >= len(YES)) for number in range(len(words))]

    found = looked_at(
        "queue", tab(("Name", column), *((row.name, word) for row, word in zip(queues, words, strict=True)))
    )

    assert errors_of(found) == [[]] * len(words)
    name = next(name for name, label in KINDS["queue"].labels.items() if label == column)
    told = [row.after[name] for row in rows_of(found)]
    yes, no = (True, False) if name == "enabled" else (NotDefined.ON, NotDefined.OFF)
    assert told == [yes] * len(YES) + [no] * len(NO)


def test_sender_reads_all_of_them_and_no_address() -> None:
    words, home, server = [*YES, *NO], queue(), incoming()
    boxes = [address(queue=home, server=server, sender=number >= len(YES)) for number in range(len(words))]
    old = address(queue=home, server=server, sender=True)
    rows = [(row.address, word) for row, word in zip(boxes, words, strict=True)]

    found = looked_at("address", tab(("Address", "Sender"), *rows, (old.address, "box@contoso.example")))

    assert [row.after.get("sender") for row in rows_of(found)] == [True] * len(YES) + [False] * len(NO) + [None]
    assert errors_of(found) == [[]] * len(words) + [[["Sender", NO_ADDRESS]]]


def test_another_word_is_refused_with_what_to_write() -> None:
    queue(name="Support")
    found = looked_at("queue", tab(("Name", "Enabled"), ("Support", "ja")))
    assert errors_of(found) == [[["Enabled", YES_OR_NO]]]


def test_what_says_neither_is_neither() -> None:
    assert [yes_or_no(word) for word in ("", " ", "ja", "2", "yes no", "Not Defined")] == [None] * 6
