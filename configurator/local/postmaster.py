"""PostgreSQL's lock file ``postmaster.pid``: its status line, and what a crash leaves."""

import os
import signal
import subprocess
import time
from pathlib import Path


def is_ready(data: Path) -> bool:
    """Return whether the last line of the lock file says ready."""
    try:
        return (data / "postmaster.pid").read_text().rstrip().endswith("ready")
    except FileNotFoundError:
        return False


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


def forget_crashed(data: Path) -> None:
    """Stop a server that outlived its runner (macOS), and remove the lock file of one that is gone.

    PostgreSQL itself takes any living process with the stored PID for its own, and after a restart of the machine or
    container that may be any. The runner's lock says that it is none.
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
