"""Archives that are sent while they are written."""


class Sink:
    """A file object whose content is taken while it is written, so that nothing is kept."""

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
        taken = b"".join(self.parts)
        self.parts.clear()
        return taken
