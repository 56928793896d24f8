"""The lines of many processes in one stream, each with its process's name."""

import threading
from collections import deque
from typing import IO, TextIO

COLOURS = (36, 35, 34, 33, 32, 96, 95, 94)


class Log:
    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self._lock = threading.Lock()
        self._last: dict[str, deque[str]] = {}

    def line(self, name: str, text: str) -> None:
        last = self._last.setdefault(name, deque(maxlen=20))
        last.append(text)
        label = f"{name:<9}|"
        if self.stream.isatty():
            label = f"\033[{COLOURS[list(self._last).index(name) % len(COLOURS)]}m{label}\033[0m"
        self.text(f"{label} {text}")

    def text(self, text: str) -> None:
        with self._lock:
            self.stream.write(text + "\n")
            self.stream.flush()

    def last(self, name: str) -> str:
        lines = self._last.get(name)
        return lines[-1] if lines else "it wrote nothing"

    def follow(self, name: str, stream: IO[bytes]) -> threading.Thread:
        """Copy ``stream`` line by line in the background until it ends."""
        thread = threading.Thread(target=self._copy, args=(name, stream), name=f"log of {name}", daemon=True)
        thread.start()
        return thread

    def _copy(self, name: str, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                self.line(name, line.decode(errors="replace").rstrip())
