"""The claims of a token for a resource, and the rest of a user's answer."""

import base64
import json
from secrets import token_urlsafe
from typing import Any

from demo.answers import EntraError
from demo.call import Call
from demo.clouds import CLOUDS
from demo.tokens import times, write_token
from demo.world import Account, App, Tenant

EXCHANGE = ("https://outlook.office365.com", "https://outlook.office.com", "https://outlook.office365.us")
EXCHANGE_ROLES = {
    "IMAP.AccessAsApp",
    "POP.AccessAsApp",
    "SMTP.SendAsApp",
    "full_access_as_app",
    "IMAP.AccessAsUser.All",
    "POP.AccessAsUser.All",
    "SMTP.Send",
}
OPENID = {"openid", "profile", "email", "offline_access"}


def app_claims(tenant: Tenant, app: App, resource: str) -> tuple[dict[str, Any], int]:
    """The claims of an app-only token; without a single role it has no roles at all."""
    claims, life = _claims(tenant, app, resource)
    claims |= {"appidacr": "1", "idtyp": "app", "oid": app.object_id, "sub": app.object_id}
    if roles := of_resource(app.roles, resource):
        claims["roles"] = roles
    return claims, life


def user_claims(call: Call, app: App, account: Account, resource: str) -> tuple[dict[str, Any], int]:
    assert call.tenant is not None  # noqa: S101  # the grant was refused without a tenant
    claims, life = _claims(call.tenant, app, resource)
    claims |= {
        "appidacr": "1" if call.form.get("client_secret") else "0",
        "idtyp": "user",
        "oid": account.object_id,
        "sub": account.object_id,
        "unique_name": account.upn,
        "upn": account.upn,
    }
    return claims, life


def granted(app: App, scope: str) -> tuple[str, list[str]]:
    """The resource and the delegated permissions that a scope requests and the app has."""
    wanted = [part for part in scope.split(" ") if part and part not in OPENID]
    resources = {part.rpartition("/")[0] for part in wanted} - {""}
    if len(resources) > 1:
        raise EntraError(700022)
    resource = next(iter(resources), "https://graph.microsoft.com")
    names = {part.rpartition("/")[2] for part in wanted}
    known = of_resource(app.delegated, resource)
    given = known if ".default" in names else [name for name in known if name in names]
    if not app.consented or not given or not names <= {".default", *known}:
        raise EntraError(65001)
    return resource, given


def of_resource(permissions: list[str], resource: str) -> list[str]:
    exchange = resource in EXCHANGE
    return [name for name in permissions if (name in EXCHANGE_ROLES) == exchange]


def openid(call: Call, tenant: Tenant, account: Account) -> dict[str, Any]:
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
        extra["id_token"] = write_token(claims | {"preferred_username": account.upn, "tid": tenant.id, "ver": "2.0"})
    if "offline_access" in scope:
        extra["refresh_token"] = f"1.{token_urlsafe(48)}"
    if call.form.get("client_info"):
        info = json.dumps({"uid": account.object_id, "utid": tenant.id}).encode()
        extra["client_info"] = base64.urlsafe_b64encode(info).decode().rstrip("=")
    return extra


def _claims(tenant: Tenant, app: App, resource: str) -> tuple[dict[str, Any], int]:
    graphs = {f"https://{host}" for host in CLOUDS[tenant.cloud].graph_hosts}
    if resource not in graphs and resource not in EXCHANGE:
        raise EntraError(500011)
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
        "uti": token_urlsafe(16),
        "ver": "1.0",
        "xms_tcdt": 1431633600,
    }, life
