"""The part of HTTP/1.1 that a JSON service with keep-alive connections needs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from io import BufferedIOBase
from urllib.parse import unquote

MAX_LINE = 64 * 1024
MAX_HEADERS = 100
MAX_BODY = 1024 * 1024
# Made once: an encoder with settings of its own costs more to make than to use.
ENCODE = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class UnreadableError(Exception):
    """The bytes received are no request."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def parts(self) -> list[str]:
        """The segments of the path, percent-decoded."""
        return [unquote(part) for part in self.path.strip("/").split("/")]

    @property
    def host(self) -> str:
        return self.headers.get("host", "").partition(":")[0].lower()

    @property
    def keep_alive(self) -> bool:
        return self.headers.get("connection", "").lower() != "close"


@dataclass(slots=True)
class Response:
    """One answer; headers that every answer carries are added when it is encoded."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def head(self, *, length: int | None, close: bool = False) -> bytes:
        """Status line and headers; without a length the body ends with the connection."""
        lines = [f"HTTP/1.1 {self.status} {_reason(self.status)}", f"Date: {formatdate(usegmt=True)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if length is not None:
            lines.append(f"Content-Length: {length}")
        if close or length is None:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def encode(self, *, close: bool = False) -> bytes:
        return self.head(length=len(self.body), close=close) + self.body


def json_response(status: int, data: object, headers: Mapping[str, str] | None = None) -> Response:
    body = ENCODE(data).encode()
    return Response(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


def read_request(stream: BufferedIOBase) -> Request | None:
    """The next request of a connection, None when the client has hung up."""
    start = _line(stream)
    if not start:
        return None
    method, _, rest = start.partition(" ")
    target, _, version = rest.partition(" ")
    if not version.startswith("HTTP/1."):
        raise UnreadableError("request line")
    headers = _headers(stream)
    path, _, query = target.partition("?")
    return Request(method, path, query, headers, _body(stream, headers))


def _line(stream: BufferedIOBase) -> str:
    line = stream.readline(MAX_LINE + 1)
    if len(line) > MAX_LINE:
        raise UnreadableError("line too long")
    return line.rstrip(b"\r\n").decode("latin-1")


def _headers(stream: BufferedIOBase) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(MAX_HEADERS):
        line = _line(stream)
        if not line:
            return headers
        name, colon, value = line.partition(":")
        if not colon:
            raise UnreadableError("header")
        headers[name.lower()] = value.strip()
    raise UnreadableError("too many headers")


def _body(stream: BufferedIOBase, headers: Mapping[str, str]) -> bytes:
    length = headers.get("content-length", "0")
    if "transfer-encoding" in headers or not length.isdigit() or int(length) > MAX_BODY:
        raise UnreadableError("body")
    body = stream.read(int(length))
    if len(body) < int(length):
        raise UnreadableError("body cut short")
    return body


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
