"""What the stages of one check share: its input, and what they have found so far."""

import time
from typing import Final

from tokenchecks.engine.answers import RefusedError, TenantDocument, TokenAnswer
from tokenchecks.engine.claims import Claims
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.microsoft.graph import Graph
from tokenchecks.engine.microsoft.transport import TransportError
from tokenchecks.engine.report import Reporter
from tokenchecks.engine.subject import Subject, is_guid

NO_TENANT: Final = frozenset({"90002", "900023"})
# An extra look-up starts only this early in a stage, so that none lasts much longer than two requests.
EARLY_SECONDS: Final = 4.0


class CheckContext:
    def __init__(self, subject: Subject, gateway: Gateway) -> None:
        self.subject = subject
        self.gateway = gateway
        self.report = Reporter(subject, gateway.redactor(subject.secrets))
        self.document: TenantDocument
        self.answer: TokenAnswer | None = None
        self.claims: Claims | None = None
        self.asked: list[str] = []
        self.status = 0
        self.started = 0.0

    def begin(self) -> None:
        """Start a stage: its time, and its requests."""
        self.asked, self.status, self.started = [], 0, time.monotonic()

    def ask(self, words: str, *values: str) -> None:
        """Record a request, its host first; the values were typed, so they are redacted like a server's words.

        Only a GUID is kept as it is, unless a secret contains it.
        """
        proxy = self.gateway.http.proxy_of(words.partition(" ")[0])
        request = words.format(*values) + (f", through the proxy {proxy}" if proxy else "")
        plain = all(map(is_guid, values)) and not any(map(self._is_secret, values))
        self.asked.append(request if plain else self.report.redactor.clean(request))

    def _is_secret(self, guid: str) -> bool:
        return not self.report.redactor.identifier(guid.strip())

    @property
    def graph(self) -> Graph:
        """Return Graph with the token; only after the token stage."""
        assert self.answer is not None  # noqa: S101  the order of the stages sees to it
        return Graph(self.gateway.http, self.document.graph_host, self.answer.token)

    def look_up(self, name: str) -> str | None:
        """Return the ID of the tenant of a domain or GUID, "" if there is none, None if that cannot be found out.

        Without a credential; a failure of it ends no check.
        """
        if time.monotonic() - self.started > EARLY_SECONDS:
            return None
        self.ask(f"{self.subject.login_host} which tenant {{}} stands for, without a credential", name)
        try:
            return self.gateway.discover(self.subject.login_host, name).tenant_id or None
        except RefusedError as error:
            return "" if NO_TENANT & set(error.refusal.codes) else None
        except TransportError:
            return None
