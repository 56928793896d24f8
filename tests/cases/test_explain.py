"""Texts that were pasted into Explain.

``text`` is what was pasted, ``class`` and ``who`` are those of the first cause, in which ``says`` occurs. With
``within = 3`` it is enough that such a cause is among the three. ``certain`` is false where the cause is a guess.
"""

from typing import Any

import pytest

from tests.cases.rows import name_of, rows
from tests.tokenchecks.engine.labelled import PEOPLE
from tokenchecks.engine.explain.diagnose import diagnose


@pytest.mark.parametrize("row", rows("explain"), ids=name_of)
def test_the_text_is_explained(row: dict[str, Any]) -> None:
    diagnosis = diagnose(row["text"])
    found = [finding.meaning for finding in diagnosis.findings[: row.get("within", 1)]]
    labels = [(meaning.class_, meaning.who) for meaning in found]
    assert (row["class"], PEOPLE[row["who"]]) in labels
    assert any(row["says"] in f"{meaning.title}. {meaning.cause}" for meaning in found)
    assert "certain" not in row or diagnosis.guessed is not row["certain"]
