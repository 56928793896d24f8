"""The user that runs PostgreSQL, which refuses to run as root.

An ordinary user runs it as himself. Root runs it as nobody inside a user namespace, where root's own files belong to
that nobody; where namespaces are blocked (docker's default) as the real nobody, with its programs and its data in a
directory that nobody can reach.
"""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from configurator.local.binaries import postgres_version
from configurator.local.processes import SAME, spawn

UNMAPPED = "unmapped"
NOBODY = 65534
SHARED = Path("/var/lib/configurator")


@dataclass(frozen=True)
class Place:
    """As whom the server runs, where its programs are and where it keeps its data."""

    identity: str
    bin_dir: Path
    home: Path


def _run(argv: list[str], identity: str, cwd: Path) -> int:
    process = spawn(argv, identity=identity, cwd=cwd)
    process.communicate()
    return process.returncode


def _reaches(identity: str, bin_dir: Path, home: Path) -> bool:
    """Return whether ``identity`` can run the programs and write to the data directory."""
    script = 'test -w "$1" && exec "$0" --version'
    return _run(["/bin/sh", "-c", script, str(bin_dir / "postgres"), str(home)], identity, home) == 0


def _lend(bin_dir: Path, home: Path) -> Place:
    """Copy the programs to where nobody can run them, and create a data directory next to them."""
    version = f"postgres-{postgres_version(bin_dir)}-{hashlib.sha256(str(bin_dir).encode()).hexdigest()[:8]}"
    copy = SHARED / version
    root = bin_dir.parent.parent
    if not copy.exists():
        draft = SHARED / f".{version}.{os.getpid()}"
        # The same relative places as in the wheel: the programs find their libraries relative to themselves.
        shutil.copytree(bin_dir.parent, draft / root.name / bin_dir.parent.name)
        libraries = root.with_name(f"{root.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        draft.chmod(0o755)
        draft.rename(copy)
    lent_home = SHARED / hashlib.sha256(str(home).encode()).hexdigest()[:16]
    lent_home.mkdir(mode=0o700, exist_ok=True)
    os.chown(lent_home, NOBODY, NOBODY)
    return Place(f"{NOBODY}:{NOBODY}", copy / bin_dir.relative_to(root.parent), lent_home)


def find_place(bin_dir: Path, home: Path) -> Place:
    """Choose as whom and where the server runs; ``home`` exists afterwards."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.getuid() != 0:
        return Place(SAME, bin_dir, home)
    owner = home.stat()
    if owner.st_uid != 0:
        # An ordinary user's data, now used by root: as that user, so that he can use them again afterwards.
        return Place(f"{owner.st_uid}:{owner.st_gid}", bin_dir, home)
    if _reaches(UNMAPPED, bin_dir, home):
        return Place(UNMAPPED, bin_dir, home)
    SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
    return _lend(bin_dir, home)


def remove(place: Place) -> None:
    shutil.rmtree(place.home, ignore_errors=True)
