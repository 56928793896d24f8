"""Entra: a tenant's document, and tokens through msal."""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

import idna
import msal

from configurator.vault.text import Secret
from mailsettings.identifiers.clouds import BY_LOGIN_HOST, GRAPH_HOSTS, LOGIN_HOSTS
from tokenchecks.engine.answers import (
    SUCCESS,
    RefusedError,
    TenantDocument,
    TokenAnswer,
    correlation,
    entra_refusal,
    json_object,
    server_time,
)
from tokenchecks.engine.microsoft.http import GuardedClient
from tokenchecks.engine.microsoft.msal_http import DISCOVERY, MsalHttp, NoHttpCache, NullTokenCache
from tokenchecks.engine.microsoft.origin import foreign
from tokenchecks.engine.microsoft.proxy import Proxy
from tokenchecks.engine.microsoft.transport import Response, TransportError
from tokenchecks.engine.redact import Redactor
from tokenchecks.engine.subject import GUID, Subject

# msal looks for this package on every application that it makes, which costs more than all its other work.
sys.modules.setdefault("msal_extensions", None)  # type: ignore[arg-type]  # None means "not there"

REGION: Final = re.compile("[A-Za-z]{2,7}")
ISSUER_TENANT: Final = re.compile(rf"/({GUID.pattern})(/|$)", re.IGNORECASE)


class Gateway:
    """The gateway to Microsoft that all checks of a process share."""

    redactor: Callable[[tuple[Secret, ...]], Redactor] = staticmethod(Redactor)

    def __init__(
        self,
        connect_to: Mapping[str, tuple[str, int]],
        ca_file: Path | None,
        *,
        proxy: Proxy | None = None,
        connect_timeout: float = 5.0,
        deadline: float = 15.0,
    ) -> None:
        self.http = GuardedClient(connect_to, ca_file, proxy=proxy, connect_timeout=connect_timeout, deadline=deadline)

    def close(self) -> None:
        self.http.close()

    def discover(self, login_host: str, tenant: str) -> TenantDocument:
        """Fetch a tenant's openid-configuration, without a credential; RefusedError if there is none."""
        url = f"https://{login_host}/{_segment(tenant)}{DISCOVERY}"
        response = self.http.request("GET", url, headers={"Accept": "application/json"})
        if response.status not in SUCCESS:
            raise RefusedError(entra_refusal(response, login_host))
        return _document(response, login_host)

    def service_token(self, subject: Subject, document: TenantDocument) -> TokenAnswer:
        """Request a token with the app's secret (OAuth Service)."""
        transport = MsalHttp(self.http, document)
        result = _app(subject, transport, document).acquire_token_for_client([scope(document)])
        return _answer(result, transport)

    def user_token(self, subject: Subject, document: TenantDocument) -> TokenAnswer:
        """Request a token with the account's password (OAuth User): one attempt, and none if federated."""
        account = (subject.account or "").strip()
        password = subject.password.reveal() if subject.password else ""
        transport = MsalHttp(self.http, document, account)
        app = _app(subject, transport, document)
        try:
            result = app.acquire_token_by_username_password(account, password, [scope(document)])
        except RefusedError as error:
            raise RefusedError(replace(error.refusal, realm=transport.realm)) from None
        return _answer(result, transport)


def scope(document: TenantDocument) -> str:
    """Return the scope that means every right the app was granted on Graph."""
    return f"https://{document.graph_host}/.default"


def token_host(url: str) -> str:
    """Return the host of a token endpoint that a secret may be sent to, else ""."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    plain = parts.scheme == "https" and port in {None, 443} and "@" not in parts.netloc
    host = parts.hostname or ""
    return host if plain and host in LOGIN_HOSTS and parts.path.strip("/") and not parts.fragment else ""


def issuer_host(url: str) -> str:
    """Return the issuer's host if it is one of Microsoft's, else ""."""
    host = host_of(url)
    return host if host in LOGIN_HOSTS and url.lower().startswith("https:") else ""


def host_of(url: str) -> str:
    """Return the host of a URL, "" for a text that is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _segment(tenant: str) -> str:
    """Return the tenant as a URL has it; a domain in the form that DNS knows."""
    name = tenant.strip()
    try:
        return name if name.isascii() and quote(name, safe="") == name else idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        return quote(name, safe="")


def _app(subject: Subject, transport: MsalHttp, document: TenantDocument) -> Any:
    if not token_host(document.token_endpoint):
        raise TransportError("forbidden_host", "", "the token endpoint is none of Microsoft's")
    # msal calls password sign-ins of its public class deprecated; this class without a secret sends the same.
    return msal.ConfidentialClientApplication(
        subject.client_id.strip(),
        client_credential=subject.secret.reveal() if subject.secret else None,
        authority=f"https://{subject.login_host}/{_segment(subject.tenant)}",
        http_client=transport,
        http_cache=NoHttpCache(),
        token_cache=NullTokenCache(),
        instance_discovery=False,
        azure_region=False,
        exclude_scopes=["offline_access"],
    )


def _answer(result: Mapping[str, Any], transport: MsalHttp) -> TokenAnswer:
    """Return the token, if it came from the server just now."""
    response = transport.answer
    if response is None or result.get("token_source") != "identity_provider":
        raise TransportError("garbage", "", "msal gave a token that no server had issued")
    return TokenAnswer(
        token=Secret(result["access_token"]),
        correlation_id=correlation(response, {}, transport.sent_id),
        server_time=server_time(response),
        realm=transport.realm,
        status=response.status,
    )


def _document(response: Response, login_host: str) -> TenantDocument:
    """Read the document; a Graph host that is unknown counts as missing."""
    data = json_object(response, login_host)
    endpoint, issuer, graph = (data.get(name) for name in ("token_endpoint", "issuer", "msgraph_host"))
    if not isinstance(endpoint, str) or not endpoint:
        raise foreign(response, login_host)
    issuer = issuer if isinstance(issuer, str) else ""
    tenant = ISSUER_TENANT.search(issuer)
    region = data.get("tenant_region_scope")
    cloud = BY_LOGIN_HOST[token_host(endpoint) or login_host]
    return TenantDocument(
        tenant_id=tenant[1].lower() if tenant else "",
        issuer=issuer,
        token_endpoint=endpoint,
        graph_host=graph if graph in GRAPH_HOSTS else cloud.graph_host,
        region=region if isinstance(region, str) and REGION.fullmatch(region) else "",
        correlation_id=correlation(response, {}, ""),
        status=response.status,
    )
