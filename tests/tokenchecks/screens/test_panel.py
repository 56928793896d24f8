"""What the panel says of a run."""

import uuid

import pytest

from configurator.status import Status
from tokenchecks.models import CheckRun
from tokenchecks.screens.panel import panel_of, status_of


@pytest.mark.parametrize(
    ("state", "status"), [("queued", Status.CHECKING), ("done", Status.UNCHECKED), ("dead", Status.UNCHECKED)]
)
def test_a_run_without_a_result_is_under_way_or_came_to_nothing(db: None, state: str, status: Status) -> None:
    """A run whose subject was deleted does not look as if it went on."""
    run = CheckRun.objects.create(kind="address", subject_id=uuid.uuid4(), subject_name="gone", state=state)

    assert status_of(run) == status
    assert panel_of(run).status == status


def test_what_was_never_checked_says_so() -> None:
    """No run, no stages."""
    panel = panel_of(None)

    assert (panel.status, panel.lines, panel.is_open) == (Status.UNCHECKED, [], False)
