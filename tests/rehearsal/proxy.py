"""The proxy that docker-compose.yml wants in front: it ends TLS and says so in X-Forwarded-Proto."""

import http.client
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import trustme

HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive"}


class Proxy:
    """Serves https on a free port of the loopback and passes each request to a web port."""

    def __init__(self, name: str, web_port: int) -> None:
        """Be ``name``, certified by an authority of its own."""
        self.authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(name).configure_cert(context)

        class Handler(_Handler):
            port = web_port

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, name="TLS proxy", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def trust(self) -> ssl.SSLContext:
        """Return what a browser needs to trust it."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context


class _Handler(BaseHTTPRequestHandler):
    port: int
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Pass the request on, and the answer back."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        web = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        web.request(self.command, self.path, body, headers | {"X-Forwarded-Proto": "https"})
        answer = web.getresponse()
        content = answer.read()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        web.close()

    do_POST = do_GET  # noqa: N815  the name that the base class looks for

    def log_message(self, *_: Any) -> None:
        """Keep quiet: the web server has its own log."""
