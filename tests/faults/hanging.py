"""The console's application with addresses that hang, for the tests of the web server."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from configurator.wsgi import application as console

StartResponse = Callable[..., Any]
PLAIN = [("Content-Type", "text/plain")]
CHUNK = b"x" * 65536


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Serve what hangs below /hang/, the console elsewhere."""
    path = environ["PATH_INFO"]
    if path == "/hang/wait":
        threading.Event().wait()
    if path == "/hang/spin":
        secret = environ.get("HTTP_X_SECRET")
        while secret != "":
            pass
    if path == "/hang/slow":
        time.sleep(float(environ["QUERY_STRING"]))
        start_response("200 OK", PLAIN)
        return [b"done"]
    if path == "/hang/stream":
        start_response("200 OK", PLAIN)
        return _pieces(*map(float, environ["QUERY_STRING"].split(",")))
    if path == "/hang/read":
        read = len(environ["wsgi.input"].read())
        start_response("200 OK", PLAIN)
        return [str(read).encode()]
    served: Iterable[bytes] = console(environ, start_response)
    return served


def _pieces(number: float, pause: float) -> Iterable[bytes]:
    for _ in range(int(number)):
        time.sleep(pause)
        yield CHUNK
