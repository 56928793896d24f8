"""The services that the console needs: database, broker and, for a demonstration, the tenant."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from configurator.local.identity import remove
from configurator.local.keys import local_keys
from configurator.local.log import Log
from configurator.local.postgres import Postgres
from configurator.local.processes import Program
from configurator.local.tenant import Tenant
from configurator.local.valkey import Valkey

Report = Callable[[str], None]


class Stack:
    """Starts the services that the environment does not name, and returns their settings."""

    def __init__(self, data_dir: Path, log: Log, given: Mapping[str, str], *, hasty: bool = False) -> None:
        """Keep everything under ``data_dir``; services named in ``given`` are used and not started."""
        self.data_dir, self.log, self.given, self.hasty = data_dir, log, given, hasty
        self.settings: dict[str, str] = {}
        self.services: list[Program] = []

    def start(self, report: Report, *, demo: bool, root: Path) -> dict[str, str]:
        """Start the services one after the other and return the settings that reach them."""
        keys = local_keys(self.data_dir / "keys.env")
        self.settings |= {name: key for name, key in keys.items() if not self._is_given(name)}
        if not self._is_given("DATABASE_URL"):
            postgres = Postgres(self.data_dir / "postgres", self.log, hasty=self.hasty)
            self._start(postgres, "PostgreSQL", report)
            self.settings["DATABASE_URL"] = postgres.url
        if not self._is_given("REDIS_URL"):
            valkey = Valkey(self.data_dir / "valkey", self.log)
            self._start(valkey, "Valkey", report)
            self.settings["REDIS_URL"] = valkey.url
        if demo:
            tenant = Tenant(self.data_dir / "demo", self.log, root, self.given)
            self._start(tenant, "demo tenant", report)
            self.settings |= tenant.settings
        return self.settings

    def _is_given(self, name: str) -> bool:
        return bool(self.given.get(name) or self.given.get(f"{name}_FILE"))

    def _start(self, service: Program, title: str, report: Report) -> None:
        self.services.append(service)
        began = time.monotonic()
        service.start()
        report(f"{title} is up ({time.monotonic() - began:.1f} s)")

    def stop(self) -> None:
        """Stop what was started, the last first."""
        while self.services:
            self.services.pop().stop()

    def remove(self) -> None:
        places = [service.place for service in self.services if isinstance(service, Postgres)]
        self.stop()
        for place in filter(None, places):
            remove(place)
        shutil.rmtree(self.data_dir, ignore_errors=True)


@contextmanager
def throw_away_stack(given: Mapping[str, str], *, demo: bool, root: Path) -> Iterator[Stack]:
    """Run a stack in a temporary directory that is deleted afterwards; its log is there as stack.log."""
    data_dir = Path(tempfile.mkdtemp(prefix="configurator-"))
    with (data_dir / "stack.log").open("w") as stream:
        stack = Stack(data_dir, Log(stream), given, hasty=True)
        try:
            stack.settings["DATA_DIR"] = str(data_dir)
            stack.start(lambda _: None, demo=demo, root=root)
            yield stack
        finally:
            stack.remove()
