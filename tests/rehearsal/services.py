"""The services of docker-compose.yml as processes: command, environment, secrets, user and health check are its own."""

import re
import socket
import stat
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from configurator.local.binaries import postgres_bin, valkey_server
from configurator.local.log import Log
from configurator.local.ports import free_port
from configurator.local.postgres import Postgres
from configurator.local.processes import SAME, Program, spawn
from tests.rehearsal import redis_cli
from tests.rehearsal.errors import RehearsalError
from tests.rehearsal.image import Image

PATIENCE = 90.0
SECRETS = "/run/secrets"
DURATION = re.compile(r"(\d+)s")


class Service:
    """A service of the compose file whose process runs here."""

    def __init__(self, name: str, told: Mapping[str, Any], image: Image, secrets: Path, log: Log) -> None:
        """Be the service that ``told`` describes."""
        self.name, self.told, self.image = name, told, image
        self.tmp = image.home / "tmp" / name
        self.tmp.mkdir(parents=True)
        self.tmp.chmod(0o777 | stat.S_ISVTX)
        self.port = free_port()
        self.places = {SECRETS: secrets, "/tmp": self.tmp, "/data": self.tmp}  # noqa: S108  the container's own
        self.identity = image.identity
        command = told.get("command") or image.dockerfile.command
        self.program = Program(name, log, self._argv(command), self.environment, image.app)
        self.program.identity = self.identity

    @property
    def environment(self) -> dict[str, str]:
        """What the process gets: what the image and the compose file give it, and nothing of ours."""
        given = {name: self._here(str(value)) for name, value in self.told.get("environment", {}).items()}
        own = {"HOSTNAME": socket.gethostname(), "REDIS_PORT": str(self.port), "TMPDIR": str(self.tmp)}
        path = f"{self.image.home / 'programs'}:{self.image.environment['PATH']}"
        return self.image.environment | given | own | {"PATH": path}

    def _here(self, text: str) -> str:
        """Return a text of the compose file with the paths and the web server's port that are used here."""
        return re.sub(
            r"(0\.0\.0\.0|127\.0\.0\.1):8000\b", f"127.0.0.1:{self.port}", self.image.placed(text, self.places)
        )

    def _argv(self, command: list[str]) -> list[str]:
        """Return the command as a shell in the container finds it; launching wants a path."""
        return ["/usr/bin/env", *map(self._here, command)]

    @property
    def lasts(self) -> bool:
        """Whether it runs until it is stopped."""
        return self.told.get("restart") != "no"

    def start(self) -> None:
        """Start its process."""
        self.program.start()

    def manage(self, *words: str, stdin: str) -> None:
        """Run a management command in the service, as `docker compose exec` does."""
        code, said = self._run(self._argv(["python", "manage.py", *words]), stdin)
        if code:
            raise RehearsalError(f"manage.py {' '.join(words)} failed: {said.strip()[-300:]}")

    def run_to_its_end(self) -> None:
        """Run a service that is done at some time."""
        self.program.start()
        deadline = time.monotonic() + PATIENCE
        while (code := self.program.exit_code()) is None:
            if time.monotonic() > deadline:
                raise RehearsalError(f"{self.name} did not end within {PATIENCE:g} s")
            time.sleep(0.05)
        if code:
            raise RehearsalError(f"{self.name} ended with code {code}: {self.program.log.last(self.name)}")

    def wait_until_healthy(self) -> None:
        """Return when the health check of the compose file passes."""
        deadline = time.monotonic() + PATIENCE
        while (said := self.check()) is not None:
            if self.program.exit_code() is not None:
                last = self.program.log.last(self.name)
                raise RehearsalError(f"{self.name} ended with code {self.program.exit_code()}: {last}")
            if time.monotonic() > deadline:
                raise RehearsalError(f"{self.name} is not healthy after {PATIENCE:g} s: {said}")
            time.sleep(0.3)

    def check(self) -> str | None:
        """Run the health check once; return what it said when it failed, None when it passed."""
        kind, *words = self.told["healthcheck"]["test"]
        argv = ["/bin/sh", "-c", self._here(words[0])] if kind == "CMD-SHELL" else self._argv(words)
        code, said = self._run(argv)
        return said.strip()[-300:] if code else None

    def _run(self, argv: list[str], stdin: str = "") -> tuple[int, str]:
        """Run a command in the service, as `docker compose exec` does; return its exit code and what it wrote."""
        command = spawn(
            argv, identity=self.identity, cwd=self.image.app, env=self.environment, stdin=stdin.encode() or None
        )
        # It was written and closed already.
        command.stdin = None
        try:
            output, _ = command.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            command.kill()
            output, _ = command.communicate()
        return command.returncode, output.decode(errors="replace")

    def stop(self) -> None:
        """Stop it as docker does, and fail when it has to be killed or says that it failed."""
        process = self.program.process
        if process is None or process.poll() is not None:
            return
        # Docker's own grace is 10 s.
        found = DURATION.fullmatch(self.told.get("stop_grace_period", "10s"))
        self.program.stop(float(found[1]) if found else 10.0)
        if process.returncode:
            raise RehearsalError(f"{self.name} did not stop in order: it ended with code {process.returncode}")


class Database(Service):
    """The service whose image is PostgreSQL's: the embedded server runs in its place, and is started already."""

    def start(self) -> None:
        """Do nothing."""

    def __init__(self, postgres: Postgres, *args: Any) -> None:
        """Be the service with ``postgres``, which runs, as its process."""
        self.postgres = postgres
        super().__init__(*args)
        self.program = postgres
        # For its health check: PostgreSQL's image names no user.
        self.identity = SAME

    @property
    def environment(self) -> dict[str, str]:
        """What its health check gets."""
        path = f"{postgres_bin()}:{self.image.environment['PATH']}"
        return self.image.environment | {"PATH": path, "PGPORT": str(self.postgres.port)}


def link_programs(home: Path, port: int) -> None:
    """Put redis-server, on ``port``, and redis-cli, a stand-in, where services find them."""
    programs = home / "programs"
    programs.mkdir()
    python = home / "venv" / "bin" / "python"
    server = programs / "valkey-server"
    server.write_bytes(valkey_server().read_bytes())
    (programs / "redis_cli.py").write_text(Path(redis_cli.__file__).read_text())
    scripts = {
        # The compose file leaves port and address to the image's defaults, which may be in use here.
        "redis-server": f'exec "{server}" "$@" --port {port} --bind 127.0.0.1',
        "redis-cli": f'exec "{python}" "{programs / "redis_cli.py"}" "$@"',
    }
    for name, line in scripts.items():
        (programs / name).write_text(f"#!/bin/sh\n{line}\n")
    for program in programs.iterdir():
        program.chmod(0o755)
