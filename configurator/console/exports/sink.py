"""Archives that are sent while they are written."""


class Sink:
    """Where the archive is written to: what was written is taken from it, and nothing is kept."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Hold nothing back."""

    def close(self) -> None:
        """Have nothing to close."""

    def take(self) -> bytes:
        """Return what was written since."""
        taken = b"".join(self.parts)
        self.parts.clear()
        return taken
