"""Make ``.venv`` match a lock file: ``python3 venv.py LOCK``, with any Python 3.11 or newer.

Nothing is done when it does already; the standard library is enough to run this.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
EVERY = 10


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def ensure_venv_module() -> None:
    """Make ``python3 -m venv`` work: Debian keeps half of it in a package of its own."""
    if importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    remedy = f"apt-get install {package}"
    if os.getuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"Python's venv module is incomplete here: as root run `{remedy}`, then this again.")
    say(f"Installing {package}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        done = subprocess.run(["apt-get", "-qq", *words], env=environment, check=False)  # noqa: S607  as PATH has it
        if done.returncode:
            sys.exit(f"Could not install {package}: see above, then run `{remedy}` by hand.")


def install(lock: Path) -> None:
    """Install what ``lock`` lists, each file checked against its hash, into the environment."""
    total = sum("==" in line for line in lock.read_text().splitlines())
    say(f"Installing {total} packages from {lock.name}")
    pip = subprocess.Popen(
        # The lock is complete: nothing is to be resolved. Python compiles a module when it is first used.
        [PYTHON, "-m", "pip", "install", "--no-deps", "--no-compile", "--require-hashes", "-r", lock],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with pip:
        rest = list(show_progress(pip.stdout or (), total))
    if pip.returncode:
        sys.exit("".join(rest[-15:]) + f"pip could not install {lock.name}: see above.")


def show_progress(lines: Iterable[str], total: int) -> Iterable[str]:
    """Count the packages that pip collects; yield its lines."""
    count = 0
    for line in lines:
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            count += 1
            if count % EVERY == 0 or count == total:
                say(f"  {count} of {total}")
        yield line


def works() -> bool:
    """Return whether the environment's Python runs and is new enough: the system's may have been removed since."""
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return PYTHON.exists() and not subprocess.run([PYTHON, "-c", probe], check=False, stderr=-3).returncode


def main(lock: Path) -> None:
    stamp = VENV / f".{lock.stem}-lock"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    usable = works()
    if usable and stamp.exists() and stamp.read_text() == wanted:
        return
    if not usable:
        ensure_venv_module()
        say("Making .venv")
        if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False).returncode:
            sys.exit("Could not make .venv: see above.")
    install(lock)
    stamp.write_text(wanted)


if __name__ == "__main__":
    main(ROOT / sys.argv[1])
