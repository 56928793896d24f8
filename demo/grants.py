"""The token endpoint: client credentials and password grants, decided from the world in Entra's order."""

import hmac
from typing import Any

from demo.answers import EntraError, headers
from demo.call import Call
from demo.claims import app_claims, granted, openid, user_claims
from demo.clouds import CLOUDS, LOGIN_HOSTS
from demo.discovery import SHARED, hidden, unknown_tenant
from demo.lockout import check_password
from demo.tokens import write_token
from demo.wire import Response, json_response
from demo.world import Account, App, Tenant, fold


def token(call: Call) -> Response:
    """A token, or EntraError with the code that Entra would give."""
    if call.request.method != "POST":
        raise EntraError(900561, field=call.request.method)
    grant = _field(call, "grant_type")
    if grant not in {"client_credentials", "password"}:
        raise EntraError(70003, field=grant)
    tenant = _tenant(call, grant)
    app = _app(call, tenant)
    answer = _client_credentials(call, tenant, app) if grant == "client_credentials" else _password(call, tenant, app)
    return json_response(200, answer, headers(call))


def _field(call: Call, name: str) -> str:
    if not call.form.get(name):
        raise EntraError(900144, field=name)
    return call.form[name]


def _tenant(call: Call, grant: str) -> Tenant:
    service = grant == "client_credentials"
    if call.name in SHARED:
        _shared(call, service=service)
    tenant = call.tenant
    if tenant is None or hidden(call, tenant):
        raise EntraError(unknown_tenant(call.name))
    if LOGIN_HOSTS.get(call.request.host, CLOUDS[tenant.cloud]).name != tenant.cloud:
        raise EntraError(900382 if service else 90038)
    return tenant


def _shared(call: Call, *, service: bool) -> None:
    """Under /organizations only a user's domain says which tenant is meant."""
    if service:
        raise EntraError(50059)
    if call.name != "organizations":
        raise EntraError(9001023)
    if call.tenant is None:
        raise EntraError(50128)


def _app(call: Call, tenant: Tenant) -> App:
    app = tenant.apps.get(fold(_field(call, "client_id")))
    if app is None:
        raise EntraError(700016)
    if not app.installed:
        raise EntraError(7000229)
    if not app.enabled:
        raise EntraError(7000112)
    return app


def _client_credentials(call: Call, tenant: Tenant, app: App) -> dict[str, Any]:
    scope = _field(call, "scope")
    if not call.form.get("client_secret"):
        raise EntraError(7000216)
    _check_secret(app, call.form["client_secret"])
    if " " in scope or not scope.endswith("/.default"):
        raise EntraError(1002012)
    return _answer(*app_claims(tenant, app, scope.removesuffix("/.default")))


def _check_secret(app: App, sent: str) -> None:
    known = [secret for secret in app.secrets if hmac.compare_digest(secret.value.encode(), sent.encode())]
    if not known:
        raise EntraError(7000215)
    if known[0].expired:
        raise EntraError(7000222)


def _password(call: Call, tenant: Tenant, app: App) -> dict[str, Any]:
    _check_client(call, app)
    account = _account(tenant, _field(call, "username"), _field(call, "password"))
    resource, scopes = granted(app, _field(call, "scope"))
    if account.mfa:
        raise EntraError(50076)
    if account.policy:
        raise EntraError(account.policy)
    claims, life = user_claims(call, app, account, resource)
    answer = _answer({**claims, "scp": " ".join(scopes)}, life)
    answer["scope"] = " ".join(f"{resource}/{scope}" for scope in scopes)
    return answer | openid(call, tenant, account)


def _check_client(call: Call, app: App) -> None:
    secret = call.form.get("client_secret")
    if secret and not app.secrets:
        raise EntraError(700025)
    if secret:
        _check_secret(app, secret)
    elif not app.public_client_flows:
        raise EntraError(7000218)


def _account(tenant: Tenant, username: str, password: str) -> Account:
    account = tenant.accounts.get(fold(username))
    if account is None:
        raise EntraError(50034)
    if not account.enabled:
        raise EntraError(50057)
    check_password(account, password)
    if account.password_expired:
        raise EntraError(50055)
    return account


def _answer(claims: dict[str, Any], life: int) -> dict[str, Any]:
    return {
        "token_type": "Bearer",
        "expires_in": life,
        "ext_expires_in": life,
        "access_token": write_token(claims),
    }
