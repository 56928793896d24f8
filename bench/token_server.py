"""A token server that is no hindrance: Entra's and Graph's answers from memory, over TLS, in a process of its own.

``python -m bench.token_server --dir DIR [--delay MS]`` writes ``ca.pem`` and ``port`` to DIR and serves until it is
ended.  ``GET /counts`` says how many documents, tokens and mailboxes were asked for.
"""

import argparse
import asyncio
import base64
import json
import ssl
import time
from email.utils import formatdate
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

import trustme

TENANT = "0b0e6c3a-2f0c-4d43-9f1e-6a4c5d7e8f90"
LOGIN = "login.microsoftonline.com"
GRAPH = "graph.microsoft.com"
DOCUMENT = {
    "token_endpoint": f"https://{LOGIN}/{TENANT}/oauth2/v2.0/token",
    "authorization_endpoint": f"https://{LOGIN}/{TENANT}/oauth2/v2.0/authorize",
    "issuer": f"https://{LOGIN}/{TENANT}/v2.0",
    "msgraph_host": GRAPH,
    "tenant_region_scope": "EU",
}
INBOX = {"id": "AAMkAGI2", "totalItemCount": 40, "unreadItemCount": 3}
# What Entra sends beside the answer, so that a client has as much to read.
HEADERS = (
    "Cache-Control: no-store, no-cache",
    "Pragma: no-cache",
    "Expires: -1",
    "Strict-Transport-Security: max-age=31536000; includeSubDomains",
    "X-Content-Type-Options: nosniff",
    'P3P: CP="DSP CUR OTPi IND OTRi ONL FIN"',
    "x-ms-request-id: 5f2b8d6c-93c1-4a0e-8d53-6b1a27c40d00",
    "x-ms-ests-server: 2.1.22000.3 - WEULR1 ProdSlices",
    "X-XSS-Protection: 0",
    f"Date: {formatdate(usegmt=True)}",
)
counts = {"documents": 0, "tokens": 0, "mailboxes": 0}


def encode(data: object) -> bytes:
    """Return a whole HTTP answer that holds the data as JSON."""
    body = json.dumps(data).encode()
    lines = ("HTTP/1.1 200 OK", "Content-Type: application/json", f"Content-Length: {len(body)}", *HEADERS)
    return "\r\n".join((*lines, "", "")).encode() + body


@cache
def token(client_id: str) -> bytes:
    """Return the answer that gives an app its token."""
    now = int(time.time())
    claims = {
        "aud": f"https://{GRAPH}",
        "tid": TENANT,
        "appid": client_id,
        "appidacr": "1",
        "roles": ["Mail.ReadWrite", "Mail.Send"],
        "iat": now,
        "nbf": now,
        "exp": now + 4000,
    }
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims)]
    return encode({"token_type": "Bearer", "expires_in": 3999, "access_token": ".".join([*parts, "signature"])})


class Server(asyncio.Protocol):
    """One connection: requests one after the other, each answered after the delay."""

    def __init__(self, delay: float) -> None:
        """Answer after so many seconds."""
        self.delay = delay
        self.buffer = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete."""
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].decode("latin-1")
            length = next(
                (int(line[15:]) for line in head.lower().split("\r\n") if line.startswith("content-length:")), 0
            )
            if len(self.buffer) < end + 4 + length:
                return
            body = self.buffer[end + 4 : end + 4 + length]
            self.buffer = self.buffer[end + 4 + length :]
            answer = respond(head.split(" ", 2)[1], body)
            if self.delay:
                asyncio.get_running_loop().call_later(self.delay, self.transport.write, answer)
            else:
                self.transport.write(answer)


DOCUMENT_ANSWER, INBOX_ANSWER = encode(DOCUMENT), encode(INBOX)


def respond(target: str, body: bytes) -> bytes:
    """Return the answer to a request."""
    if target.endswith("/token"):
        counts["tokens"] += 1
        return token(parse_qs(body.decode())["client_id"][0])
    if target.startswith("/v1.0/users/"):
        counts["mailboxes"] += 1
        return INBOX_ANSWER
    if target == "/counts":
        return encode(counts)
    counts["documents"] += 1
    return DOCUMENT_ANSWER


async def serve(directory: Path, delay: float) -> None:
    """Serve on a free port of the loopback."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(LOGIN, GRAPH).configure_cert(context)
    authority.cert_pem.write_to_path(str(directory / "ca.pem"))
    server = await asyncio.get_running_loop().create_server(
        lambda: Server(delay), "127.0.0.1", 0, ssl=context, backlog=512
    )
    (directory / "port").write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--delay", type=float, default=0, metavar="MS")
    options = parser.parse_args()
    asyncio.run(serve(options.dir, options.delay / 1000))


if __name__ == "__main__":
    main()
