"""How stages are kept: whole, small, and as they were."""

import json
from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from tokenchecks.engine.results import StageResult
from tokenchecks.subjects.transcript import stage_as_stored, stage_restored

FULL = StageResult(
    "expiry", "warning", code="c", cause="x", class_="secret", who="w", where="p", field="f", owner="o", ms=3,
    correlation_id="i", provider_words="p", detail="d", password_right=True, retry=True, retry_after=0,
    asked=("a", "b"), status=200, evidence=("e",), ends_on=date(2027, 3, 1),
)  # fmt: skip


@pytest.mark.parametrize("result", [FULL, StageResult("settings", "ok")])
def test_a_stage_survives_json(result: StageResult) -> None:
    stored = json.loads(json.dumps(stage_as_stored(result)))
    restored = stage_restored(stored)
    for item in fields(StageResult):
        kept: Any = getattr(restored, item.name)
        if item.name != "at":
            assert kept == getattr(result, item.name), item.name
    assert abs((restored.at - result.at).total_seconds()) < 0.002
    assert isinstance(restored.asked, tuple)


def test_what_a_stage_says_nothing_of_is_not_kept() -> None:
    assert set(stage_as_stored(StageResult("settings", "ok"))) == {"stage", "outcome", "at"}


def test_stages_kept_by_an_older_version_are_read() -> None:
    old = {"stage": "token", "outcome": "ok", "at": "2026-01-01T00:00:00+00:00", "no_more": 1}
    assert stage_restored(old).ends_on is None
