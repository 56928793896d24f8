"""An HTTPS server that takes what alarms post, or does what no receiver should."""

import json
import ssl
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import trustme

PATH = "/workflows/0c7d/triggers/manual?sig=Wh-c4nary~of-the-webhook"


class Receiver:
    """Keeps what was posted; ``answer`` is what it says to it."""

    def __init__(self, directory: Path) -> None:
        """Listen on the loopback under the name localhost, with a certificate of an authority of its own."""
        authority = trustme.CA()
        self.ca_file = directory / "receiver-ca.pem"
        authority.cert_pem.write_to_path(self.ca_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        self.answer: tuple[int, dict[str, str], bytes] = (202, {}, b"")
        self.posted: list[tuple[str, dict[str, str], Any]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://localhost:{self.server.server_address[1]}{PATH}"

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards that came."""
        return [body["attachments"][0]["content"] for _, _, body in self.posted]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.posted.append((self.path, dict(self.headers), json.loads(body)))
                status, headers, text = receiver.answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(text)

            def log_message(self, *args: Any) -> None:
                """Stay quiet."""

        return Handler
