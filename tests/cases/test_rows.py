"""No row is there twice."""

from tests.cases.rows import CHANNELS, name_of, rows


def test_no_row_stands_twice() -> None:
    names = [(channel, str(row)) for channel in CHANNELS for row in rows(channel)]
    assert len(set(names)) == len(names)
    assert all(name_of(row) for channel in CHANNELS for row in rows(channel))
