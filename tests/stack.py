"""pytest's plugin that starts the embedded stack before Django reads its settings (``-p tests.stack``).

One PostgreSQL, one Valkey and one demo tenant for each process of tests, in a directory that is deleted at its end.
``DATABASE_URL`` and ``REDIS_URL`` of the environment are used as they are, by one process; those of ``.env`` never.
"""

import os
import secrets
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from configurator.local.processes import StackError
from configurator.local.stack import throw_away_stack
from demo.server import DemoTenant

ROOT = Path(__file__).resolve().parent.parent
TENANT = pytest.StashKey[DemoTenant]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Start everything before any other plugin: pytest-django reads the settings in this hook."""
    told = early_config.known_args_namespace
    if told.numprocesses and "PYTEST_XDIST_WORKER" not in os.environ:
        _prepare_processes()
    elif not (told.help or told.version):
        resources = ExitStack()
        early_config.add_cleanup(resources.close)
        try:
            stack = resources.enter_context(throw_away_stack(os.environ, demo=False, root=ROOT))
        except StackError as error:
            pytest.exit(str(error), returncode=1)
        (stack.data_dir / "demo").mkdir()
        tenant = resources.enter_context(DemoTenant(stack.data_dir / "demo"))
        early_config.stash[TENANT] = tenant
        os.environ |= stack.settings | {
            "ENTRA_CONNECT_TO": tenant.connect_to,
            "ENTRA_CA_FILE": str(tenant.ca_file),
            "DEMO": "1",
            "SECURE": "0",
            # Playwright's loop runs in the thread of the tests, and Django refuses the database there.
            "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        }
    return (yield)


def _prepare_processes() -> None:
    """Leave the stacks to the processes that are started from here: this one hands out tests and runs none."""
    if given := {"DATABASE_URL", "REDIS_URL"} & os.environ.keys():
        pytest.exit(f"{' and '.join(sorted(given))} can serve one process of tests: add -n 0", returncode=1)
    os.environ["SECRET_KEY"] = secrets.token_urlsafe()


@pytest.fixture
def tenant(pytestconfig: pytest.Config) -> Iterator[DemoTenant]:
    """Return the session's demo tenant; its faults are taken back afterwards."""
    tenant = pytestconfig.stash[TENANT]
    yield tenant
    tenant.faults.clear()
