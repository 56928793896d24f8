"""What the Dockerfile says: the directives that the rehearsal and the tests need, in the form this project writes."""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.rehearsal.compose import ROOT

FILE = ROOT / "Dockerfile"


@dataclass(frozen=True)
class Dockerfile:
    """The directives in their order, each a name and its words."""

    directives: tuple[tuple[str, str], ...]

    def all(self, name: str) -> list[str]:
        """Return what each directive ``name`` says."""
        return [text for directive, text in self.directives if directive == name]

    def one(self, name: str) -> str:
        """Return what the only directive ``name`` says; ValueError when there are several or none."""
        (text,) = self.all(name)
        return text

    @property
    def environment(self) -> dict[str, str]:
        """The variables that ENV sets."""
        words = [word for text in self.all("ENV") for word in shlex.split(text)]
        return dict(word.split("=", 1) for word in words)

    @property
    def copies(self) -> list[tuple[str, str]]:
        """What COPY copies: each source in the checkout with its target below the working directory."""
        return [(source, target) for source, target in map(str.split, self.all("COPY"))]

    @property
    def command(self) -> list[str]:
        """What CMD runs."""
        command: list[str] = json.loads(self.one("CMD"))
        return command

    @property
    def user_id(self) -> int:
        """The number that `useradd` gives the user of USER."""
        user = self.one("USER")
        for text in self.all("RUN"):
            found = re.search(rf"\buseradd\b.* --uid (\d+)\b.* {re.escape(user)}$", text)
            if found:
                return int(found[1])
        raise ValueError(f"no useradd makes the user {user}")


def load(text: str) -> Dockerfile:
    """Read the directives; a line that ends in a backslash goes on in the next."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return Dockerfile(
        tuple((name, rest.strip()) for name, _, rest in (line.partition(" ") for line in joined.splitlines() if line))
    )


def read(file: Path = FILE) -> Dockerfile:
    """Return the project's own."""
    return load(file.read_text())
