"""Somebody with a browser without scripts: follows links, fills in forms, keeps cookies."""

import http.client
import socket
import ssl
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from tests.rehearsal.errors import RehearsalError

# The values of a form's fields; what is neither ticked nor chosen has none.
Fields = dict[str, str | None]


class _Forms(HTMLParser):
    """Finds the forms of a page, with what stands in their fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, Fields]] = []
        self._named: dict[str, Fields] = {}
        self._fields: Fields = {}
        self._chosen: Fields = {}
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            # A field may stand before its form, and name it.
            self._fields = self._named.setdefault(given.get("id", f"form {len(self.forms)}"), {})
            self.forms.append((given.get("action", ""), self._fields))
        elif name := given.get("name", ""):
            fields = self._named.setdefault(given["form"], {}) if "form" in given else self._fields
            self._enter(tag, name, given, fields)
        elif tag == "option" and self._select and ("selected" in given or not self._chosen[self._select]):
            self._chosen[self._select] = given.get("value", "")

    def _enter(self, tag: str, name: str, given: dict[str, str], fields: Fields) -> None:
        kind = given.get("type", "text")
        if tag == "input" and kind in ("checkbox", "radio"):
            if "checked" in given or name not in fields:
                fields[name] = given.get("value", "on") if "checked" in given else None
        elif tag == "input" and kind not in ("submit", "file"):
            fields[name] = given.get("value", "")
        elif tag in ("select", "textarea"):
            fields[name] = ""
            self._chosen, self._select = fields, name if tag == "select" else ""
            self._area = name if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self._select = self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._chosen[self._area] = (self._chosen[self._area] or "") + data.removeprefix("\n")


class Browser:
    """A browser that finds the host at a port of the loopback."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        """Begin without a cookie."""
        self.host, self.port, self.context = host, port, context
        self.base = f"https://{host}:{port}"
        self.cookies: dict[str, str] = {}
        self.address = ""

    def get(self, path: str) -> str:
        """Return the page, wherever its address leads."""
        return self._open("GET", path)

    def send(self, path: str, **typed: str) -> str:
        """Open the page, fill in the form that has these fields, send it, and return the page that comes."""
        page = self.get(path)
        parser = _Forms()
        parser.feed(page)
        for action, fields in parser.forms:
            if typed.keys() <= fields.keys():
                filled = {name: value for name, value in (fields | typed).items() if value is not None}
                return self._open("POST", urljoin(self.address, action), urlencode(filled))
        raise RehearsalError(f"the page {path} has no form with the fields {', '.join(typed)}")

    def _open(self, method: str, path: str, body: str | None = None) -> str:
        status, page = self._ask(method, path, body)
        for _ in range(5):
            if status not in (301, 302, 303):
                break
            status, page = self._ask("GET", urljoin(self.address, self._location))
        if status != 200:
            raise RehearsalError(f"{method} {path} was answered by {status}: {' '.join(page.split())[:300]}")
        return page

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        parts = urlsplit(path)
        if parts.netloc and f"{parts.scheme}://{parts.netloc}" != self.base:
            raise RehearsalError(f"a page leads away from the console, to {path}")
        connection = http.client.HTTPSConnection(self.host, self.port, context=self.context, timeout=60)
        # The name stands for the loopback; it is asked for and checked all the same.
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        connection.sock = self.context.wrap_socket(plain, server_hostname=self.host)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.base}
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self._keep(cookie)
        self.address = parts.path
        self._location = answer.headers.get("Location") or ""
        self.headers = answer.headers
        connection.close()
        return answer.status, page

    def _keep(self, cookie: str) -> None:
        pair, _, attributes = cookie.partition(";")
        name, _, value = pair.partition("=")
        if name.startswith("__Host-") and ("secure" not in attributes.lower() or "path=/" not in attributes.lower()):
            raise RehearsalError(f"a browser refuses the cookie {name}: it is not Secure")
        self.cookies[name] = value
