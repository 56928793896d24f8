"""A private PostgreSQL: made, started, stopped and, after a crash, started again on the same port."""

import os
import secrets
import signal
import subprocess
import time
from pathlib import Path

import psycopg2

from configurator.local.binaries import postgres_bin, postgres_major
from configurator.local.files import write_private
from configurator.local.identity import Place, find_place
from configurator.local.ports import free_port
from configurator.local.processes import Log, Program, StackError, spawn

NAME = "configurator"
LOOPBACK = "127.0.0.1"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "log_checkpoints": "off",
    # Errors reach whoever sent the statement; in the log they would repeat it with its values.
    "log_min_messages": "fatal",
    "log_line_prefix": "",
    "timezone": "UTC",
}
# For data that are thrown away: nothing waits for the disk.
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
        """Where the data and the password are, which may be elsewhere than asked for."""
        return self.place.home if self.place else self.directory

    @property
    def url(self) -> str:
        """The address of the database with its password."""
        password = (self.home / "password").read_text().strip()
        return f"postgresql://{NAME}:{password}@{LOOPBACK}:{self.port}/{NAME}"

    def start(self) -> None:
        """Start the server, the first time with a new and empty database, and return when it answers."""
        place = self.place = self.place or find_place(postgres_bin(), self.directory)
        self.identity, self.cwd = place.identity, place.home
        if not (place.home / "data" / "PG_VERSION").exists():
            self._initialise(place)
        self._check_version(place)
        _forget_crashed(place.home / "data")
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        self.launch(
            [str(place.bin_dir / "postgres"), "-D", str(place.home / "data"), "-p", str(self.port), *options]
        )
        self._wait()

    def _initialise(self, place: Place) -> None:
        """Make the data directory and its owner's password."""
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
        ours = str(postgres_major(place.bin_dir))
        if made_by != ours:
            raise StackError(
                f"{place.home / 'data'} was made by PostgreSQL {made_by} and this is PostgreSQL {ours}: "
                f"dump it with version {made_by} to keep its contents, then move {place.home} away."
            )

    def _wait(self) -> None:
        """Return when the database takes connections; make it when the server is new."""
        deadline = time.monotonic() + 60
        while True:
            try:
                self._create_database()
            except psycopg2.OperationalError as error:
                if self.exit_code() is not None or time.monotonic() > deadline:
                    self.stop()
                    raise StackError(f"PostgreSQL did not start: {self.log.last(self.name)}") from error
                time.sleep(0.02)
            else:
                return

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


def _command(pid: int) -> str:
    """Return the command line of process ``pid``, empty when there is none."""
    listing = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        try:
            return listing.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    ps = ["/bin/ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(ps, check=False, capture_output=True, text=True).stdout


def _forget_crashed(data: Path) -> None:
    """Stop a server that outlived its runner (macOS), and forget one that is gone but left its lock file.

    PostgreSQL itself takes any living process with the remembered number for its own, and after a
    restart of the machine or container that may be anybody.  The runner's lock says that it is nobody.
    """
    lock_file = data / "postmaster.pid"
    if not lock_file.exists():
        return
    pid = int(lock_file.read_text().split()[0])
    deadline = time.monotonic() + 10
    if str(data) in _command(pid):
        os.kill(pid, signal.SIGINT)
    while str(data) in _command(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    lock_file.unlink(missing_ok=True)
