"""Fixtures of every test, and the order in which they run."""

from collections.abc import Generator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.database", "tests.people", "tests.worker"]

# The machine may be slow and the first run has no examples kept; what is tested is what holds, not how fast.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# The least work that the algorithm allows: no test is about how long a password resists.
ScryptPasswordHasher.work_factor = 2**4

HERE = Path(__file__).parent
OF_PROCESSES = ("faults", "canary", "rehearsal")
# Whole files go to one of two processes: what takes longest begins first, so that neither waits long for the other.
LONGEST_FIRST = ("faults", "canary", "browser", "rehearsal", "vault", "health", "console")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """Mark the tests of real processes before `-m` chooses, and let the longest begin."""
    for item in items:
        if _room(item) in OF_PROCESSES or "worker" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.fault)
    yield
    rank = {room: place for place, room in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(_room(item), len(rank)))


def _room(item: pytest.Item) -> str:
    return item.path.relative_to(HERE).parts[0]
