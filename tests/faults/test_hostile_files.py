"""Hostile files sent to a whole console: nobody else notices."""

import signal
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from django.urls import reverse

from tests.faults.console import Console, until
from tests.faults.visitor import TOKEN, Inside, Visitor
from tests.imports.hostile import HOSTILE
from tests.worker import wait_for

WARM = 12
LARGEST = 19 * 1024 * 1024
MOST_GROWTH = 30 * 1024 * 1024
OPEN = "SELECT count(*) FROM imports_import WHERE state NOT IN ('not_read', 'ready')"
SENT = (
    *["a row number of twelve digits"] * 10, *["20 MB of commas"] * 3, "20 MB of commas, line by line",
    "a million empty cells", "elements in elements", "a shared text of 50 MB", "quotation marks without end",
)  # fmt: skip


def test_the_pages_answer_and_the_web_process_does_not_grow(tmp_path: Path) -> None:
    console = Console(tmp_path)
    console.begin()
    try:
        assert until(lambda: "is ready" in console.said(), 400), console.said()
        visitor, inside = Visitor(console, "superuser"), Inside(console)
        # Each web process loads what these pages need when it first shows them.
        for _ in range(WARM):
            upload(visitor, b"Name\nFirst\n")
        wait_for(lambda: waiting(inside) == 0, seconds=60)
        web = list(web_of(console))
        before = {process.pid: process.memory_info().rss for process in web}
        with watched(console, web) as seen:
            for name in SENT:
                upload(visitor, HOSTILE[name][0]()[:LARGEST])
            upload(visitor, b"Name\nLast\n")
            wait_for(lambda: waiting(inside) == 0, seconds=300)
        assert seen.failures == []
        assert seen.answers > 10
        growth = {pid: seen.most[pid] - before[pid] for pid in before}
        assert max(growth.values()) < MOST_GROWTH, growth
        assert inside.rows("SELECT state FROM imports_import WHERE state = 'ready'") == [("ready",)] * (WARM + 1)
        assert inside.rows("SELECT count(*) FROM imports_importpiece") == [(0,)]
        assert len(inside.rows("SELECT 1 FROM imports_import WHERE state = 'not_read'")) == len(SENT)
    finally:
        console.end(signal.SIGINT)


def web_of(console: Console) -> Iterator[psutil.Process]:
    """Give the processes of the web server."""
    for process in console.processes():
        with suppress(psutil.NoSuchProcess):
            if "gunicorn" in " ".join(process.cmdline()):
                yield process


def waiting(inside: Inside) -> int:
    """Return how many files nobody has looked at yet."""
    return int(inside.rows(OPEN)[0][0])


def upload(visitor: Visitor, body: bytes) -> None:
    """Choose the file on the page and send it."""
    path, edge = reverse("imports:new"), uuid.uuid4().hex
    token = TOKEN.search(visitor.get(path))
    assert token
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("csrfmiddlewaretoken", token[1]), ("kind", "queue"))
    ]
    parts += [f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="first.csv"\r\n\r\n']
    data = "".join(parts).encode() + body + f"\r\n--{edge}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    with visitor.opener.open(urllib.request.Request(visitor.url + path, data, headers), timeout=60) as answer:
        assert "/imports/" in answer.url
        assert not answer.url.endswith(path)


class Seen:
    """What somebody saw who asked all the time."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.answers, self.failures = 0, list[str]()
        self.most = dict[int, int]()


@contextmanager
def watched(console: Console, web: list[psutil.Process]) -> Iterator[Seen]:
    """Ask whether the console is well, and look at the memory of its web processes, until the end."""
    seen, over = Seen(), threading.Event()

    def ask() -> None:
        while not over.wait(0.2):
            try:
                for process in web:
                    seen.most[process.pid] = max(seen.most.get(process.pid, 0), process.memory_info().rss)
                with urllib.request.urlopen(f"http://127.0.0.1:{console.port}/healthz", timeout=10) as answer:
                    seen.answers += answer.status == 200
            except (OSError, psutil.Error) as fault:
                seen.failures.append(repr(fault))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()
