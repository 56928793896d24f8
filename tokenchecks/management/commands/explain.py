"""Explain any error of Microsoft's, or of a program that met one."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from tokenchecks.engine.explain.diagnose import diagnose
from tokenchecks.engine.explain.normalize import HEAD, clip
from tokenchecks.management.printed import explained

USAGE = 2


class Command(BaseCommand):
    """Explain what a file or standard input holds; exits 0, or 2 for a file that cannot be read."""

    help = "Explain an error text or JSON: the causes, likeliest first. Exits 0, or 2 for an unreadable file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="a file; - or nothing: standard input")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            raw = self.read(options["file"])
        except (OSError, ValueError) as error:
            raise CommandError(f"The file cannot be read: {type(error).__name__}.", returncode=USAGE) from None
        diagnosis = diagnose(raw)
        text = json.dumps(diagnosis.as_json()) if options["json"] else explained(diagnosis)
        coding = getattr(self.stdout, "encoding", None) or "utf-8"
        self.stdout.write(text.encode(coding, "replace").decode(coding))

    def read(self, path: str) -> bytes:
        """Return the head and the tail of the file, or of standard input."""
        if path == "-":
            return clip(_pieces(sys.stdin.buffer)) if sys.stdin else b""
        with Path(path).open("rb") as file:
            return clip(_pieces(file))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    return iter(partial(file.read, HEAD), b"")
