"""How many files of ours one act passes through: what somebody who follows it in the code has to open.

``pytest -rP tests/test_files_crossed.py`` prints the files in the order in which they are entered, each with the
functions that are called in it.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from django.urls import reverse

from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.models import IncomingServer
from tests.mailsettings.typed import INCOMING
from tests.people import As, incoming
from tests.source import PACKAGES, ROOT
from tokenchecks.models import CheckResult, CheckRun
from tokenchecks.tasks import perform

# Which lines are logged is a matter of chance, as how fast the broker is.
LOGS = Path("configurator/console/frame/logs.py")
# May fall, and rises only with a reason.
CEILINGS = {"a saved server": 55, "what follows its commit": 10, "a check": 50}
Callbacks = Callable[..., AbstractContextManager[list[Callable[[], None]]]]


class Crossed:
    """The files of the product that were entered, in that order, and the functions that were called in each."""

    def __init__(self) -> None:
        """Begin with none."""
        self.called: dict[Path, dict[str, None]] = {}
        self.known: dict[CodeType, Path | None] = {}

    def __call__(self, frame: FrameType, event: str, _arg: Any) -> None:
        """Note a call; a profiler of ``sys.setprofile``."""
        if event == "call":
            code = frame.f_code
            path = self.known[code] if code in self.known else self.known.setdefault(code, _ours(code))
            if path is not None:
                self.called.setdefault(path, {})[code.co_qualname] = None

    def __str__(self) -> str:
        return "\n".join(f"{path}: {', '.join(names)}" for path, names in self.called.items())


def _ours(code: CodeType) -> Path | None:
    """Return the file from the root on, None where it is not the product's."""
    path = Path(code.co_filename)
    if not path.is_relative_to(ROOT):
        return None
    own = path.relative_to(ROOT)
    return own if own.parts[0] in PACKAGES and own.parts[0] != "demo" and own != LOGS else None


@contextmanager
def profiled() -> Iterator[Crossed]:
    """Note the files that this thread, and those that it starts, pass through meanwhile."""
    crossed = Crossed()
    threading.setprofile(crossed)
    sys.setprofile(crossed)
    try:
        yield crossed
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def holds(act: str, crossed: Crossed) -> None:
    """Print the files, and fail where they are more than the ceiling."""
    number = len(crossed.called)
    sys.stdout.write(f"{act}: {number} files\n{crossed}\n")
    assert number <= CEILINGS[act], (
        f"{act} passes through {number} files, {CEILINGS[act]} before. Merge a module that only hands on into the one "
        f"that it serves, or raise CEILINGS in tests/test_files_crossed.py with the reason:\n{crossed}"
    )


@pytest.mark.django_db
def test_a_saved_server(signed_in: As, django_capture_on_commit_callbacks: Callbacks) -> None:
    client = signed_in("admin")
    url = reverse("mailsettings:incoming_new")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, INCOMING)  # what is read once, as templates and modules, is read

    with django_capture_on_commit_callbacks() as callbacks, profiled() as saved:
        answer = client.post(url, INCOMING | {"name": "Fabrikam"})
    with profiled() as committed:
        for callback in callbacks:
            callback()

    assert answer.status_code == 302
    assert IncomingServer.objects.filter(name="Fabrikam").exists()
    holds("a saved server", saved)
    holds("what follows its commit", committed)


@pytest.mark.django_db(transaction=True)
def test_a_check(tenant: DemoTenant) -> None:
    perform(str(waiting(tenant, "Contoso").pk))
    run = waiting(tenant, "Fabrikam")

    with profiled() as crossed:
        perform(str(run.pk))

    assert CheckResult.objects.get(run=run).status == "ok"
    holds("a check", crossed)


def waiting(tenant: DemoTenant, name: str) -> CheckRun:
    """Store a server of the demo tenant; return its check, which waits."""
    steps = first_steps(tenant.world)
    server = incoming(name=name, tenant_id=steps["tenant"], client_id=steps["client_id"], secret=steps["secret"])
    return CheckRun.objects.get(subject_id=server.pk)
