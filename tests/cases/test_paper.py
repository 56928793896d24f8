"""docs/cases.md is what the rows say."""

from tests.cases.paper import PAPER, paper
from tests.cases.rows import CHANNELS, name_of, rows


def test_the_paper_is_up_to_date() -> None:
    assert PAPER.read_text(encoding="utf-8") == paper(), "run: python -m tests.cases"


def test_no_row_stands_twice() -> None:
    names = [(channel, str(row)) for channel in CHANNELS for row in rows(channel)]
    assert len(set(names)) == len(names)
    assert all(name_of(row) for channel in CHANNELS for row in rows(channel))
