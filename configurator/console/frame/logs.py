"""Log lines: one line an entry, with the request id, and no way for a text to begin a second one."""

import logging

from configurator import request_id


class RequestIdFilter(logging.Filter):
    """Add ``request_id`` to each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, with the id."""
        record.request_id = request_id.current() or "-"
        return True


class LineFormatter(logging.Formatter):
    """Time, level, logger, request id and message; control characters are escaped (ASVS 16.4.1)."""

    def __init__(self) -> None:
        """Use one fixed format."""
        super().__init__("%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's name
        """Return the line, with line breaks and other control characters escaped."""
        line = super().formatMessage(record)
        return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)
