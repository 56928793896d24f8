"""A broker and processes of each test's own, so that a fault meets no other test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import pytest

from configurator.local.log import Log
from tests.faults.broker import Broker
from tests.worker import BeatProcess, CeleryProcess, WorkerProcess

P = TypeVar("P", bound=CeleryProcess)


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """Return a private broker; this process and those that it starts ring there."""
    with (tmp_path / "broker.log").open("w") as stream:
        broker = Broker(tmp_path / "broker", Log(stream))
        broker.start()
        monkeypatch.setenv("REDIS_URL", broker.url)
        # Celery's own variable, since the settings of this process are read already.
        monkeypatch.setenv("CELERY_BROKER_URL", broker.url)
        yield broker
        broker.stop()


@pytest.fixture
def crew(transactional_db: None, broker: Broker, tmp_path: Path) -> Iterator[Callable[[type[P]], P]]:
    """Return a function that starts a worker or a beat on the private broker."""
    with ExitStack() as all_of_them:

        def start(kind: type[P]) -> P:
            process = kind(tmp_path / f"{kind.__name__}-{len(list(tmp_path.iterdir()))}.log")
            all_of_them.callback(process.stop)
            process.start()
            return process

        yield start


@pytest.fixture
def worker(crew: Callable[[type[WorkerProcess]], WorkerProcess]) -> WorkerProcess:
    """Return a running worker on the private broker."""
    return crew(WorkerProcess)


@pytest.fixture
def beat(crew: Callable[[type[BeatProcess]], BeatProcess]) -> BeatProcess:
    """Return a running beat on the private broker."""
    return crew(BeatProcess)
