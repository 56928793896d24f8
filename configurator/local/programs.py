"""The console's own processes: web server, worker and beat."""

import http.client
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from configurator.local.log import Log
from configurator.local.processes import Program, StackError

# A container or a machine of one's own is used as root; Celery need not warn of it each time.
PYTHON = (sys.executable, "-W", "ignore:::celery.platforms", "-m")
CELERY = (*PYTHON, "celery", "--quiet", "-A", "configurator")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  compared, never bound


def programs(log: Log, environment: Mapping[str, str], root: Path, address: tuple[str, int]) -> Iterator[Program]:
    """Yield the programs that make the console, to be started in this order."""
    host, port = address
    level = ("--loglevel", environment.get("LOG_LEVEL") or "INFO")
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    schedule = str(Path(environment["DATA_DIR"]) / "beat-schedule")
    # There is one worker here: it need not look for others.
    alone = ("--without-mingle", "--without-gossip")
    commands = {
        "web": (*PYTHON, "gunicorn", "--config", "python:configurator.local.web", "--bind", bind),
        "worker": (*CELERY, "worker", "--pool", "threads", "--concurrency", "16", *alone, *level),
        "beat": (*CELERY, "beat", "--pidfile=", "--schedule", schedule, *level),
    }
    for name, command in commands.items():
        yield Program(name, log, command, environment, root)


def manage(log: Log, environment: Mapping[str, str], root: Path, *words: str, stdin: str | None = None) -> None:
    """Run a management command to its end; StackError when it fails."""
    command = Program(words[0], log, env=environment, cwd=root)
    command.launch([sys.executable, "manage.py", *words], stdin=None if stdin is None else stdin.encode())
    try:
        while (code := command.exit_code()) is None:
            time.sleep(0.02)
    finally:
        command.stop()
    if code:
        raise StackError(f"manage.py {words[0]} failed: {log.last(words[0])}")


def wait_for_web(web: Program, address: tuple[str, int]) -> None:
    """Return when the web server answers; StackError when it ends instead."""
    deadline = time.monotonic() + 60
    while not _answers(*address):
        if web.exit_code() is not None or time.monotonic() > deadline:
            raise StackError(f"The web server did not start: {web.log.last(web.name)}")
        time.sleep(0.05)


def _answers(host: str, port: int) -> bool:
    """Return whether a web server answers there, with any status."""
    connection = http.client.HTTPConnection("localhost" if host in EVERYWHERE else host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
