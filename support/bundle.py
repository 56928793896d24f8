"""A support bundle: a zip that is sent while it is written."""

import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import Any, Final

from django.utils import timezone

from configurator.console.exports.sink import Sink
from queues.models import QueueAddress
from support import contents
from support.contents import Row
from support.extent import Extent
from support.pseudonyms import Pseudonyms
from support.readme import readme
from support.versions import versions

TOGETHER: Final = 200
# Under pseudonyms, since stages have a detail too, which may be shown.
RENAMED: Final = {"detail": "detail_of_finding"}
Rows = Callable[[Extent], Iterator[Row]]
CONFIGURATION: Final[dict[str, Rows]] = {
    f"configuration/{name}.json": contents.configuration(kind)
    for name, kind in (
        ("queues", "queue"),
        ("addresses", "address"),
        ("incoming-servers", "incoming_server"),
        ("outgoing-server", "outgoing_server"),
    )
}


def files_of(may: Callable[[str], bool]) -> dict[str, Rows]:
    """Return the files that the user may view, and the functions of their rows."""
    files = {**CONFIGURATION, "findings.json": contents.findings}
    if may("token_check.view"):
        files |= {"standing.json": contents.statuses, "checks.json": contents.checks}
    return files | {"audit.json": contents.events} if may("audit_log.view") else files


def bundle(extent: Extent, files: dict[str, Rows], *, by: str, pseudonyms: bool) -> Iterator[bytes]:
    """Yield the zip of the files in pieces; with ``pseudonyms`` it has no mailbox and no name."""
    hidden = Pseudonyms(_domains(extent)) if pseudonyms else None
    sink, now = Sink(), timezone.now()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        about = {"name": extent.name, "changed_by": by}
        about = hidden.of(about) if hidden else about
        archive.writestr("README.txt", readme(about["name"], about["changed_by"], now, files, pseudonyms=pseudonyms))
        archive.writestr("versions.json", json.dumps(versions(), indent=1))
        yield sink.take()
        for name, rows in files.items():
            with archive.open(name, "w") as file:
                for part in _json(rows(extent), hidden, name):
                    file.write(part)
                    yield sink.take()
    yield sink.take()


def _json(rows: Iterator[Row], hidden: Pseudonyms | None, name: str) -> Iterator[bytes]:
    """Yield a list of objects, one per line."""
    before = b"[\n"
    while some := list(islice(rows, TOGETHER)):
        lines = [json.dumps(_row_as_written(row, hidden, name), ensure_ascii=False, default=_plain) for row in some]
        yield before + ",\n".join(lines).encode(errors="replace")
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _row_as_written(row: Row, hidden: Pseudonyms | None, name: str) -> Any:
    """Return the row as it is written; the detail of a finding may name other objects."""
    if hidden is None:
        return row
    if name == "findings.json":
        row = {RENAMED.get(key, key): value for key, value in row.items()}
    return hidden.of(row)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _domains(extent: Extent) -> set[str]:
    """Return the domains of the bundle's mailboxes, and that of the outgoing tenant."""
    found: set[str] = set()
    for address in extent.rows.get("address", QueueAddress.objects.none()).order_by().values_list(
        "address", "account", "earlier_sender"
    ).iterator(contents.CHUNK):  # fmt: skip
        found |= {text.rpartition("@")[2].casefold() for text in address}
    outgoing = extent.rows.get("outgoing_server")
    return found | set(outgoing.values_list("tenant", flat=True) if outgoing is not None else ())
