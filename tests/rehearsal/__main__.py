"""``python -m tests.rehearsal``: start what docker-compose.yml and the Dockerfile say, use it, and stop it.

PostgreSQL and Valkey are the embedded ones, Microsoft is the demo tenant; all else is read from the two files.  Ends
with code 1 and one line when something fails.  What the processes said is printed with it.
"""

import io
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from configurator.local.identity import remove
from configurator.local.keys import local_keys
from configurator.local.log import Log
from configurator.local.postgres import Postgres
from configurator.local.processes import StackError
from configurator.local.tenant import Tenant
from tests.rehearsal import compose
from tests.rehearsal.compose import ROOT, interpolate
from tests.rehearsal.errors import RehearsalError
from tests.rehearsal.image import Image
from tests.rehearsal.services import Database, Service, link_programs
from tests.rehearsal.usage import PASSWORD, first_user, use

HOST = "console.example.org"


class Rehearsal:
    """One rehearsal, in a directory of its own."""

    def __init__(self, home: Path) -> None:
        """Keep everything below ``home``."""
        self.home = home
        self.said = io.StringIO()
        self.log = Log(self.said)
        self.image = Image(home)
        self.postgres = Postgres(home / "postgres", self.log, hasty=True)
        self.tenant = Tenant(home / "demo", self.log, ROOT, {"PATH": "/usr/bin:/bin"})
        self.services: dict[str, Service] = {}

    def run(self) -> None:
        """Rehearse; RehearsalError or StackError when something fails."""
        self.step("The image is built as the Dockerfile says", self.image.build)
        self.step("PostgreSQL and the demo tenant are up", self.start_servers)
        told = interpolate(compose.load(compose.FILE.read_text()), self.variables)
        for name, service in told["services"].items():
            described = (name, service, self.image, self.home / "secrets", self.log)
            self.services[name] = Database(self.postgres, *described) if name == "db" else Service(*described)
        self.write_secrets(told["secrets"])
        for name in _in_order(told["services"]):
            self.start(self.services[name])
        lasting = [service for service in self.services.values() if service.lasts]
        for service in lasting:
            self.step(f"{service.name} is healthy", service.wait_until_healthy)
        web = self.services["web"]
        self.step("The first user is made", lambda: web.manage("ensure_users", stdin=first_user()))
        self.step("Signed in over https, saved, checked", lambda: use(web.port, HOST, self.first_steps))
        for service in reversed(lasting):
            self.step(f"{service.name} stopped in order", service.stop)
        self.look_for_secrets()

    def start(self, service: Service) -> None:
        """Start it once what it depends on is as the compose file wants it."""
        for name, how in service.told.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                self.services[name].wait_until_healthy()
        if service.lasts:
            service.start()
        else:
            self.step(f"{service.name} is done", service.run_to_its_end)

    def step(self, what: str, act: Callable[[], object]) -> None:
        """Do it, and say how long it took."""
        began = time.monotonic()
        act()
        sys.stdout.write(f"{what} ({time.monotonic() - began:.1f} s)\n")
        sys.stdout.flush()

    def start_servers(self) -> None:
        """Start what stands in for the database's image and for Microsoft."""
        self.postgres.start()
        self.tenant.start()

    @property
    def variables(self) -> dict[str, str]:
        """What whoever calls Compose has in his environment."""
        return {"ALLOWED_HOSTS": HOST, "ENTRA_CONNECT_TO": self.tenant.settings["ENTRA_CONNECT_TO"]}

    @property
    def first_steps(self) -> dict[str, str]:
        """What to type for a server that works."""
        steps: dict[str, str] = json.loads((self.home / "demo" / "world.json").read_text())["first_steps"]
        return steps

    def write_secrets(self, names: dict[str, Any]) -> None:
        """Write the files that the compose file names, each as an editor leaves it: with a line end."""
        keys = local_keys(self.home / "keys.env")
        port, password = self.services["broker"].port, secrets.token_urlsafe(16)
        link_programs(self.home, port)
        values = {
            "secret_key": keys["SECRET_KEY"],
            "vault_keys": keys["VAULT_KEYS"],
            "database_url": self.postgres.url,
            "postgres_password": (self.postgres.home / "password").read_text().strip(),
            "redis_url": f"redis://:{password}@127.0.0.1:{port}/0",
            "redis_password": password,
            "email_url": "consolemail://",
            "private_ca": Path(self.tenant.settings["ENTRA_CA_FILE"]).read_text().strip(),
        }
        directory = self.home / "secrets"
        directory.mkdir()
        # The others may be empty.
        for name in names:
            (directory / name).write_text(f"{values[name]}\n" if name in values else "")
        self.secrets = [values["secret_key"], values["vault_keys"], values["postgres_password"], password]

    def look_for_secrets(self) -> None:
        """Fail when a secret stands in what the processes wrote."""
        for secret in [*self.secrets, self.first_steps["secret"], PASSWORD]:
            if secret in self.said.getvalue():
                raise RehearsalError("a secret stands in the log of a process")

    def stop(self) -> None:
        """Stop whatever still runs."""
        for service in self.services.values():
            service.program.stop(1)
        self.tenant.stop()
        self.postgres.stop()
        if self.postgres.place:
            remove(self.postgres.place)


def _in_order(services: dict[str, Any]) -> list[str]:
    """Return the names, each behind those that it depends on."""
    needs = {name: set(service.get("depends_on", {})) for name, service in services.items()}
    return list(TopologicalSorter(needs).static_order())


def main() -> int:
    """Rehearse in a temporary directory; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="configurator-rehearsal-", ignore_cleanup_errors=True) as directory:
        home = Path(directory)
        # The user of the containers has to get to his files.
        home.chmod(0o755)
        rehearsal = Rehearsal(home)
        try:
            rehearsal.run()
        except (RehearsalError, StackError) as error:
            sys.stdout.write(f"{rehearsal.said.getvalue()}\nThe rehearsal failed: {error}\n")
            return 1
        finally:
            rehearsal.stop()
            _make_writable(home)
    sys.stdout.write("The rehearsal went well.\n")
    return 0


def _make_writable(home: Path) -> None:
    for path in home.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main())
