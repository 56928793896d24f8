"""A private PostgreSQL: created, started, stopped and, after a crash, started again on the same port."""

import os
import secrets
import signal
import time
from pathlib import Path

import psycopg2

from configurator.local.binaries import postgres_bin, postgres_version
from configurator.local.files import write_private
from configurator.local.identity import Place, find_place
from configurator.local.log import Log
from configurator.local.ports import free_port
from configurator.local.postmaster import forget_crashed, is_ready
from configurator.local.processes import Program, StackError, spawn

NAME = "configurator"
LOOPBACK = "127.0.0.1"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "log_checkpoints": "off",
    # Errors are returned to the client; in the log they would repeat the statement with its values.
    "log_min_messages": "fatal",
    "log_line_prefix": "",
    "timezone": "UTC",
}
# For temporary data: nothing waits for the disk.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Program):
    """A PostgreSQL server on the loopback with a password, on a free port which it keeps over restarts."""

    stop_signal = signal.SIGINT
    # Ends at once together with its children and leaves no lock file; the next start recovers every commit.
    death_signal = signal.SIGQUIT

    def __init__(self, directory: Path, log: Log, *, hasty: bool = False) -> None:
        """Keep the data in ``directory``; ``hasty`` trades their safety for speed."""
        super().__init__("postgres", log)
        self.directory = directory
        self.settings = SETTINGS | (HASTY if hasty else {})
        self.port = free_port()
        self.place: Place | None = None

    @property
    def home(self) -> Path:
        """Where the data and the password are, which may be elsewhere than requested."""
        return self.place.home if self.place else self.directory

    @property
    def url(self) -> str:
        password = (self.home / "password").read_text().strip()
        return f"postgresql://{NAME}:{password}@{LOOPBACK}:{self.port}/{NAME}"

    def start(self) -> None:
        """Start the server, the first time with a new and empty database, and return when it answers."""
        place = self.place = self.place or find_place(postgres_bin(), self.directory)
        self.identity, self.cwd = place.identity, place.home
        if not (place.home / "data" / "PG_VERSION").exists():
            self._initialise(place)
        self._check_version(place)
        forget_crashed(place.home / "data")
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        self.launch([str(place.bin_dir / "postgres"), "-D", str(place.home / "data"), "-p", str(self.port), *options])
        self._wait(place)

    def _initialise(self, place: Place) -> None:
        """Create the data directory and its owner's password."""
        password = place.home / "password"
        write_private(password, secrets.token_urlsafe(24) + "\n")
        owner = place.home.stat()
        os.chown(password, owner.st_uid, owner.st_gid)
        process = spawn(
            [
                str(place.bin_dir / "initdb"),
                f"--pgdata={place.home / 'data'}",
                f"--username={NAME}",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                *([] if self.settings.get("fsync") != "off" else ["--no-sync"]),
            ],
            identity=place.identity,
            cwd=place.home,
        )
        output, _ = process.communicate()
        if process.returncode:
            raise StackError(f"PostgreSQL's initdb failed: {output.decode(errors='replace').strip()}")

    def _check_version(self, place: Place) -> None:
        """Refuse data that another major version of PostgreSQL wrote."""
        made_by = (place.home / "data" / "PG_VERSION").read_text().strip()
        ours = postgres_version(place.bin_dir).partition(".")[0]
        if made_by != ours:
            raise StackError(
                f"{place.home / 'data'} was made by PostgreSQL {made_by} and this is PostgreSQL {ours}: "
                f"dump it with version {made_by} to keep its contents, then move {place.home} away."
            )

    def _wait(self, place: Place) -> None:
        """Return when the server accepts connections, by its lock file; create the database when missing."""
        deadline = time.monotonic() + 60
        while not is_ready(place.home / "data"):
            if self.exit_code() is not None or time.monotonic() > deadline:
                self.stop()
                raise StackError(f"PostgreSQL did not start: {self.log.last(self.name)}")
            time.sleep(0.02)
        self._create_database()

    def _create_database(self) -> None:
        connection = psycopg2.connect(self.url.removesuffix(NAME) + "postgres", connect_timeout=2)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE DATABASE {NAME}")
        finally:
            connection.close()
