"""What `docker build` makes of the Dockerfile, in a directory: the locked packages, the files, what RUN does."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from configurator.local.processes import SAME, spawn
from tests.rehearsal.compose import ROOT
from tests.rehearsal.dockerfile import Dockerfile, read
from tests.rehearsal.errors import RehearsalError

SCRIPT = "#!{python}\nimport sys\nfrom {module} import {name}\nsys.exit({call}())\n"
READ_ONLY = 0o555


@dataclass(frozen=True)
class Image:
    """The image below ``home``."""

    home: Path
    dockerfile: Dockerfile = field(default_factory=read)

    @property
    def app(self) -> Path:
        """The working directory."""
        return self.home / "app"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that every container gets, with the programs of the image first."""
        own = {name: self.placed(value) for name, value in self.dockerfile.environment.items()}
        path = f"{self.home / 'venv' / 'bin'}:/usr/local/bin:/usr/bin:/bin"
        return own | {"PATH": path, "HOME": "/nonexistent", "LANG": "C.UTF-8"}

    def placed(self, text: str, places: Mapping[str, Path] | None = None) -> str:
        """Return ``text`` with the paths of a container replaced by those that stand for them here."""
        known = {self.dockerfile.one("WORKDIR"): self.app} | dict(places or {})
        paths = "|".join(map(re.escape, known))
        return re.sub(rf"(?<![\w./-])({paths})(?![\w-])", lambda found: str(known[found[1]]), text)

    def build(self) -> None:
        """Do what the Dockerfile says."""
        self._install()
        for source, target in self.dockerfile.copies:
            self._copy(ROOT / source, self.app / target)
        for command in self.dockerfile.all("RUN"):
            # The user is a number here, and the packages are there already.
            if not re.search(r"\b(useradd|pip install)\b", command):
                self._run(command)
        for path in [self.app, *self.app.rglob("*")]:
            path.chmod(path.stat().st_mode & READ_ONLY)

    @cached_property
    def identity(self) -> str:
        """As whom everything runs: the Dockerfile's user where root may choose, an ordinary user as himself.

        Where that user cannot get to Python, which may lie in root's home, root is shown as him in a namespace.
        """
        if os.getuid() != 0:
            return SAME
        user = self.dockerfile.user_id
        python = str(self.home / "venv" / "bin" / "python")
        for identity in (f"{user}:{user}", f"unmapped:{user}"):
            probe = spawn([python, "-c", "import os; assert os.getuid()"], identity=identity, cwd=self.home)
            probe.communicate()
            if probe.returncode == 0:
                return identity
        raise RehearsalError(f"the user {user} cannot run {Path(python).resolve()}: rehearse as an ordinary user")

    def _install(self) -> None:
        """Make an environment that holds what the lock of the image lists and nothing else."""
        (lock,) = re.findall(r"pip install .*--require-hashes -r (\S+)", "\n".join(self.dockerfile.all("RUN")))
        venv = self.home / "venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
        (packages,) = venv.glob("lib/python3*/site-packages")
        for line in (ROOT / lock).read_text().splitlines():
            if found := re.match(r"([A-Za-z0-9][^\\#]*==[^\\]*?)\s*\\?$", line):
                self._link(Requirement(found[1]), packages)

    def _link(self, wanted: Requirement, packages: Path) -> None:
        if wanted.marker and not wanted.marker.evaluate():
            return
        try:
            package = distribution(wanted.name)
        except PackageNotFoundError:
            raise RehearsalError(f"{wanted} is not installed: run `make rehearse`, which installs it") from None
        if not wanted.specifier.contains(package.version, prereleases=True):
            raise RehearsalError(f"{wanted} is wanted and {package.version} is installed: run `make rehearse`")
        base = Path(str(package.locate_file("")))
        for file in package.files or ():
            if ".." not in file.parts:
                for source in (base / file, _compiled(base / file)):
                    if source.exists():
                        _same(source, packages / source.relative_to(base))
        self._scripts(package)

    def _scripts(self, package: Distribution) -> None:
        python = self.home / "venv" / "bin" / "python"
        for entry in package.entry_points.select(group="console_scripts"):
            script = python.with_name(entry.name)
            name = entry.attr.partition(".")[0]
            script.write_text(SCRIPT.format(python=python, module=entry.module, name=name, call=entry.attr))
            script.chmod(0o755)

    def _copy(self, source: Path, target: Path) -> None:
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target = target / source.name if target == self.app else target
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)

    def _run(self, command: str) -> None:
        shell = ["/bin/sh", "-c", self.placed(command)]
        done = subprocess.run(shell, cwd=self.app, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            last = " ".join(done.stderr.strip().splitlines()[-1:])
            raise RehearsalError(f"the Dockerfile's RUN failed: {command}: {last}")


def _compiled(source: Path) -> Path:
    """Return where Python keeps the compiled form of a module; pip would make it in the image."""
    return source.parent / "__pycache__" / f"{source.stem}.{sys.implementation.cache_tag}.pyc"


def _same(source: Path, target: Path) -> None:
    """Make ``target`` the same file as ``source``, or a copy on another disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
