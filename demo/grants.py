"""The token endpoint: client credentials and password grants, decided from the world in Entra's order."""

import base64
import hmac
import json
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from demo.answers import Refused, headers
from demo.call import Call
from demo.clouds import CLOUDS, LOGIN_HOSTS
from demo.discovery import SHARED, hidden, unknown_tenant
from demo.tokens import times, write_token
from demo.wire import Response, json_response
from demo.world import Account, App, Tenant, fold

EXCHANGE = ("https://outlook.office365.com", "https://outlook.office.com", "https://outlook.office365.us")
EXCHANGE_ROLES = {"IMAP.AccessAsApp", "POP.AccessAsApp", "SMTP.SendAsApp", "full_access_as_app", "IMAP.AccessAsUser.All",
                  "POP.AccessAsUser.All", "SMTP.Send"}  # fmt: skip
OPENID = {"openid", "profile", "email", "offline_access"}


def token(call: Call) -> Response:
    """A token, or Refused with the code that Entra would give."""
    if call.request.method != "POST":
        raise Refused(900561, field=call.request.method)
    grant = _field(call, "grant_type")
    if grant not in {"client_credentials", "password"}:
        raise Refused(70003, field=grant)
    tenant = _tenant(call, grant)
    app = _app(call, tenant)
    if grant == "client_credentials":
        return json_response(200, _client_credentials(call, tenant, app), headers(call))
    return json_response(200, _password(call, tenant, app), headers(call))


def _field(call: Call, name: str) -> str:
    if not call.form.get(name):
        raise Refused(900144, field=name)
    return call.form[name]


def _tenant(call: Call, grant: str) -> Tenant:
    if call.name in SHARED:
        if grant == "client_credentials":
            raise Refused(50059)
        if call.name != "organizations":
            raise Refused(9001023)
        if call.tenant is None:
            raise Refused(50128)
    tenant = call.tenant
    if tenant is None or hidden(call, tenant):
        raise Refused(unknown_tenant(call.name))
    if LOGIN_HOSTS.get(call.request.host, CLOUDS[tenant.cloud]).name != tenant.cloud:
        raise Refused(900382 if grant == "client_credentials" else 90038)
    return tenant


def _app(call: Call, tenant: Tenant) -> App:
    app = tenant.apps.get(fold(_field(call, "client_id")))
    if app is None:
        raise Refused(700016)
    if not app.installed:
        raise Refused(7000229)
    if not app.enabled:
        raise Refused(7000112)
    return app


def _client_credentials(call: Call, tenant: Tenant, app: App) -> dict[str, Any]:
    scope = _field(call, "scope")
    if not call.form.get("client_secret"):
        raise Refused(7000216)
    _check_secret(app, call.form["client_secret"])
    if " " in scope or not scope.endswith("/.default"):
        raise Refused(1002012)
    resource = scope.removesuffix("/.default")
    claims, life = _claims(tenant, app, resource)
    claims |= {"appidacr": "1", "idtyp": "app", "oid": app.object_id, "sub": app.object_id}
    if roles := _of_resource(app.roles, resource):
        claims["roles"] = roles
    return _answer(claims, life)


def _check_secret(app: App, sent: str) -> None:
    known = [secret for secret in app.secrets if hmac.compare_digest(secret.value.encode(), sent.encode())]
    if not known:
        raise Refused(7000215)
    if known[0].expired:
        raise Refused(7000222)


def _password(call: Call, tenant: Tenant, app: App) -> dict[str, Any]:
    _check_client(call, app)
    username, password = _field(call, "username"), _field(call, "password")
    account = _account(tenant, username, password)
    resource, granted = _granted(app, _field(call, "scope"))
    if account.mfa:
        raise Refused(50076)
    if account.policy:
        raise Refused(account.policy)
    claims, life = _claims(tenant, app, resource)
    claims |= {
        "appidacr": "1" if call.form.get("client_secret") else "0",
        "idtyp": "user",
        "oid": account.object_id,
        "sub": account.object_id,
        "upn": account.upn,
        "unique_name": account.upn,
        "scp": " ".join(granted),
    }
    answer = _answer(claims, life)
    answer["scope"] = " ".join(f"{resource}/{scope}" for scope in granted)
    return answer | _openid(call, tenant, account)


def _check_client(call: Call, app: App) -> None:
    secret = call.form.get("client_secret")
    if secret and not app.secrets:
        raise Refused(700025)
    if secret:
        _check_secret(app, secret)
    elif not app.public_client_flows:
        raise Refused(7000218)


def _account(tenant: Tenant, username: str, password: str) -> Account:
    account = tenant.accounts.get(fold(username))
    if account is None:
        raise Refused(50034)
    if not account.enabled:
        raise Refused(50057)
    if not hmac.compare_digest(account.password.encode(), password.encode()):
        raise Refused(50126)
    if account.password_expired:
        raise Refused(50055)
    return account


def _granted(app: App, scope: str) -> tuple[str, list[str]]:
    """The resource and the delegated permissions that a scope asks for and the app has."""
    wanted = [part for part in scope.split(" ") if part and part not in OPENID]
    resources = {part.rpartition("/")[0] for part in wanted} - {""}
    if len(resources) > 1:
        raise Refused(700022)
    resource = next(iter(resources), "https://graph.microsoft.com")
    names = {part.rpartition("/")[2] for part in wanted}
    known = _of_resource(app.delegated, resource)
    granted = known if ".default" in names else [name for name in known if name in names]
    if not app.consented or not granted or not names <= {".default", *known}:
        raise Refused(65001)
    return resource, granted


def _of_resource(permissions: list[str], resource: str) -> list[str]:
    exchange = resource in EXCHANGE
    return [name for name in permissions if (name in EXCHANGE_ROLES) == exchange]


def _claims(tenant: Tenant, app: App, resource: str) -> tuple[dict[str, Any], int]:
    """The claims that both kinds of token carry."""
    graphs = {f"https://{host}" for host in CLOUDS[tenant.cloud].graph_hosts}
    if resource not in graphs and resource not in EXCHANGE:
        raise Refused(500011)
    clock, life = times()
    return {
        "aud": resource,
        "iss": f"https://sts.windows.net/{tenant.id}/",
        **clock,
        "app_displayname": app.name,
        "appid": app.client_id,
        "idp": f"https://sts.windows.net/{tenant.id}/",
        "tenant_region_scope": tenant.region,
        "tid": tenant.id,
        "uti": uuid4().hex[:22],
        "ver": "1.0",
        "xms_tcdt": 1431633600,
    }, life


def _answer(claims: dict[str, Any], life: int) -> dict[str, Any]:
    return {
        "token_type": "Bearer",
        "expires_in": life,
        "ext_expires_in": life,
        "access_token": write_token(claims),
    }


def _openid(call: Call, tenant: Tenant, account: Account) -> dict[str, Any]:
    """What a request for openid and offline_access adds to a user's answer."""
    scope = call.form.get("scope", "").split(" ")
    extra: dict[str, Any] = {}
    if "openid" in scope:
        clock, _ = times()
        issuer = f"https://{CLOUDS[tenant.cloud].login_host}/{tenant.id}/v2.0"
        claims = {
            "aud": call.client_id,
            "iss": issuer,
            **clock,
            "oid": account.object_id,
            "sub": account.object_id,
        }
        extra["id_token"] = write_token(
            claims | {"preferred_username": account.upn, "tid": tenant.id, "ver": "2.0"}
        )
    if "offline_access" in scope:
        extra["refresh_token"] = f"1.{uuid5(NAMESPACE_URL, account.upn).hex}{uuid4().hex}"
    if call.form.get("client_info"):
        info = json.dumps({"uid": account.object_id, "utid": tenant.id}).encode()
        extra["client_info"] = base64.urlsafe_b64encode(info).decode().rstrip("=")
    return extra
