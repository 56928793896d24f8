"""python -m demo: one ready line, then service until a signal."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo import names
from tests.demo.client import Client

ROOT = Path(__file__).parents[2]
PAGE = f"/{names.HALDEN}/v2.0/.well-known/openid-configuration"


class Elsewhere:
    """What a client needs to know of a tenant in another process."""

    def __init__(self, line: str) -> None:
        words = line.split()
        self.port = int(words[4].rstrip(",").rpartition(":")[2])
        self.ca_file = Path(line.partition("certificates in ")[2].strip())


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "demo", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    with process("--data", str(tmp_path / "a directory")) as started:
        assert started.stdout is not None
        elsewhere = Elsewhere(started.stdout.readline())
        client = Client(elsewhere)
        assert client.get(PAGE).status == 200
        started.send_signal(number)
        assert started.wait(timeout=5) == 0
        client.close()
        assert started.stdout.read() == ""
        assert started.stderr is not None
        assert started.stderr.read() == ""
    assert not (tmp_path / "a directory" / "tenant.json").exists()


def test_it_wants_a_directory() -> None:
    with process() as started:
        assert started.wait(timeout=5) == 2
