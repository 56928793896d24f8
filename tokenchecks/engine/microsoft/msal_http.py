"""What msal gets in place of its own HTTP client and caches: every check is live, with one way out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import msal

from tokenchecks.engine.answers import (
    SUCCESS,
    FederatedError,
    RefusedError,
    TenantDocument,
    entra_refusal,
    json_object,
)
from tokenchecks.engine.microsoft.http import GuardedClient
from tokenchecks.engine.microsoft.origin import TROUBLE, foreign
from tokenchecks.engine.microsoft.transport import Response, TransportError

DISCOVERY: Final = "/v2.0/.well-known/openid-configuration"
REALM: Final = "/common/userrealm/"
REALM_QUERY: Final = "?api-version=1.0"
TOKEN_FIELDS: Final = ("access_token", "token_type", "expires_in", "scope")


class NoHttpCache(dict[str, object]):
    """Stores nothing: msal would repeat refusals from memory for a minute, and realms for a day."""

    def __setitem__(self, key: str, value: object) -> None:
        """Forget it."""


class NullTokenCache(msal.TokenCache):  # type: ignore[misc]  # msal has no types
    """Stores no token, so that none can answer in place of the server."""

    def add(self, event: Mapping[str, Any], now: float | None = None) -> None:
        """Forget it."""

    def search(self, *_args: object, **_query: object) -> Iterator[dict[str, Any]]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in the form that msal reads."""

    status_code: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def raise_for_status(self) -> None:
        """Only successes get this far."""


class MsalHttp:
    """msal's HTTP client for one check: the fetched document from memory, the token endpoint from the server.

    Any answer that is not usable leaves msal as our own exception, with all that the server said.
    """

    def __init__(self, client: GuardedClient, document: TenantDocument, account: str = "") -> None:
        self._client = client
        self._document = document
        self._account = account
        self.realm = ""
        self.sent_id = ""
        self.answer: Response | None = None

    def get(self, url: str, headers: Mapping[str, str] | None = None, **_options: object) -> Answer:
        """Return the document or a user's realm; msal requests nothing else."""
        parts = urlsplit(url)
        if parts.path.endswith(DISCOVERY):
            return Answer(200, _document(self._document))
        if parts.path.startswith(REALM) and self._account:
            return self._realm(parts.netloc, headers or {})
        raise TransportError("forbidden_host", parts.hostname or "", "msal asked for a page that is not needed")

    def post(
        self,
        url: str,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_options: object,
    ) -> Answer:
        """Request a token, at the endpoint that the document names and nowhere else."""
        host = urlsplit(url).hostname or ""
        if url != self._document.token_endpoint:
            raise TransportError("forbidden_host", host, "msal asked for a token elsewhere")
        self.sent_id = (headers or {}).get("client-request-id", "")
        sent = {**(headers or {}), "Content-Type": "application/x-www-form-urlencoded"}
        # A password takes a connection of its own: the pool may repeat a request, and lock-outs are counted.
        response = self._client.request(
            "POST", url, headers=sent, body=urlencode(data or {}).encode(), fresh=bool(self._account)
        )
        self.answer = response
        if response.status not in SUCCESS:
            raise RefusedError(entra_refusal(response, host, self.sent_id))
        return Answer(response.status, _token(response, host, self.sent_id))

    def close(self) -> None:
        """Leave the connections to the next check."""

    def _realm(self, host: str, headers: Mapping[str, str]) -> Answer:
        """Look up who checks the password; msal does not quote the name and would follow federation."""
        url = f"https://{host}{REALM}{quote(self._account, safe='@')}{REALM_QUERY}"
        response = self._client.request("GET", url, headers=headers)
        if response.status not in SUCCESS:
            refusal = entra_refusal(response, host, headers.get("client-request-id", ""))
            if response.status in TROUBLE:
                raise RefusedError(refusal)
            # Passed on, a 404 would make msal skip the request for all accounts of this process.
            return Answer(200, "{}")
        account_type = json_object(response, host).get("account_type")
        if not isinstance(account_type, str):
            raise foreign(response, host)
        self.realm = account_type if account_type in {"Managed", "Federated", "Unknown"} else ""
        if self.realm == "Federated":
            raise FederatedError
        return Answer(200, "{}")


@lru_cache(maxsize=64)
def _document(document: TenantDocument) -> str:
    return json.dumps(
        {
            "issuer": document.issuer,
            "authorization_endpoint": document.token_endpoint,
            "token_endpoint": document.token_endpoint,
        }
    )


def _token(response: Response, host: str, sent_id: str) -> str:
    """Return the part of a token answer that msal needs; it fails on some of the rest."""
    data = json_object(response, host)
    if not isinstance(data.get("access_token"), str) or not data["access_token"]:
        raise RefusedError(entra_refusal(response, host, sent_id)) if "error" in data else foreign(response, host)
    return json.dumps({name: data[name] for name in TOKEN_FIELDS if name in data})
