"""The explainer finds the labelled cause of every text."""

from typing import Any

import pytest

from tests.tokenchecks.engine.labelled import FROM_THREADS, LOTS, label, pairs, texts
from tokenchecks.engine.explain.diagnose import diagnose


@pytest.mark.parametrize("row", texts("texts.toml"), ids=lambda row: row["words"][:40])
def test_the_first_cause_is_the_labelled_one_unless_ends_say_otherwise(row: dict[str, Any]) -> None:
    assert label(row) in pairs(diagnose(row["words"]))[: row.get("place", 1)]


def test_of_the_texts_held_out_most_are_right_at_once_and_nearly_all_among_three() -> None:
    rows = texts("texts_held_out.toml")
    found = [(label(row), pairs(diagnose(row["words"]))) for row in rows]
    assert len(rows) >= 160
    assert sum(wanted == causes[0] for wanted, causes in found) >= 0.80 * len(rows)
    assert sum(wanted in causes for wanted, causes in found) >= 0.95 * len(rows)


@pytest.mark.parametrize(
    "row",
    [row for row in FROM_THREADS if row.get("place") != 0],
    ids=lambda row: f"{row['source']} {row['words'][:20]}",
)
def test_of_the_texts_from_threads_each_label_stands_where_it_stood(row: dict[str, Any]) -> None:
    assert label(row) in pairs(diagnose(row["words"]))[: row.get("place", 1)]


@pytest.mark.parametrize("lot", LOTS)
def test_of_each_lot_most_are_right_at_once_and_nearly_all_among_three(lot: str) -> None:
    places = [row.get("place", 1) for row in texts(lot)]
    assert len(places) >= 30
    assert places.count(1) >= 0.85 * len(places)
    assert places.count(0) <= 0.06 * len(places)
