"""Microsoft Graph, as far as a check asks it: inboxes, and what an app registration tells about its secrets."""

import json
import re
import time
from typing import Any
from urllib.parse import parse_qs
from uuid import NAMESPACE_URL, uuid5

from demo.call import Call
from demo.clouds import CLOUDS
from demo.wire import Response, json_response
from demo.world import Account, App, Mailbox, Tenant, fold

DENIED = "Access is denied. Check credentials and try again."
DISABLED = "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings."
NOT_FOUND = "The specified object was not found in the store."
NO_MAILBOX = (
    404,
    "MailboxNotEnabledForRESTAPI",
    "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
)
# What a mailbox in each state answers; "ready" opens.
STATES: dict[str, tuple[int, str, str]] = {
    "ready": (200, "", ""),
    "unlicensed": NO_MAILBOX,
    "on_premises": NO_MAILBOX,
    "soft_deleted": NO_MAILBOX,
    "unsupported": (404, "MailboxNotSupportedForRESTAPI", "REST API is not yet supported for this mailbox."),
    "no_inbox": (404, "ErrorItemNotFound", NOT_FOUND),
    "undiscoverable": (404, "ResourceNotFound", "Resource could not be discovered."),
    "moving": (
        423,
        "ErrorMailboxMoveInProgress",
        "Mailbox move in progress. Try again later., Cannot open mailbox.",
    ),
    "stale": (503, "MailboxInfoStale", "Mailbox info is stale."),
    "transient": (
        503,
        "ErrorInternalServerTransientError",
        "An internal server error occurred. Try again later.",
    ),
}
READ = {
    "Mail.ReadBasic.All",
    "Mail.ReadBasic",
    "Mail.Read",
    "Mail.ReadWrite",
    "Mail.Read.Shared",
    "Mail.ReadWrite.Shared",
}
APPLICATION = re.compile(r"(applications|servicePrincipals)\(appId='([^']*)'\)")


class GraphRefused(Exception):
    """A request that Graph answers with an error code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message


def graph(call: Call) -> Response:
    """The answer to one Graph request."""
    parts = call.request.path.strip("/").split("/")
    tenant, app = _authenticated(call)
    if call.request.method != "GET":
        raise GraphRefused(
            405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target."
        )
    if found := APPLICATION.fullmatch(parts[-1]):
        return _application(call, tenant, app, found[1], found[2])
    match parts:
        case [_, "me", "mailFolders", folder] | [_, "users", _, "mailFolders", folder]:
            return _folder(call, _mailbox(call, tenant, app), folder)
    raise GraphRefused(400, "BadRequest", f"Resource not found for the segment '{parts[-1]}'.")


def error(call: Call, status: int, code: str, message: str) -> Response:
    """The error answer in Graph's shape."""
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    inner = {"date": now, "request-id": call.trace_id, "client-request-id": call.correlation_id}
    response = json_response(
        status, {"error": {"code": code, "message": message, "innerError": inner}}, headers(call)
    )
    if status == 401:  # noqa: PLR2004
        response.headers["WWW-Authenticate"] = (
            f'Bearer realm="", error="invalid_token", error_description="{code}"'
        )
    return response


def headers(call: Call) -> dict[str, str]:
    server = {
        "DataCenter": "West Europe",
        "Slice": "E",
        "Ring": "5",
        "ScaleUnit": "003",
        "RoleInstance": "AM4PEPF0001",
    }
    return {
        "Cache-Control": "private",
        "Strict-Transport-Security": "max-age=31536000",
        "request-id": call.trace_id,
        "client-request-id": call.correlation_id,
        "x-ms-ags-diagnostic": json.dumps({"ServerInfo": server}, separators=(",", ":")),
        "OData-Version": "4.0",
    }


def _authenticated(call: Call) -> tuple[Tenant, App]:
    if not call.token:
        raise GraphRefused(401, "InvalidAuthenticationToken", "Access token is empty.")
    if not call.claims:
        message = (
            "IDX14100: JWT is not well formed, there are no dots (.)."
            if "." not in call.token
            else "Invalid JWT."
        )
        raise GraphRefused(401, "InvalidAuthenticationToken", message)
    tenant, app = call.tenant, call.app
    hosts = CLOUDS[tenant.cloud].graph_hosts if tenant else ()
    if call.claims.get("aud") not in {f"https://{host}" for host in hosts if host == call.request.host}:
        message = "Access token validation failure. Invalid audience."
        raise GraphRefused(401, "InvalidAuthenticationToken", message)
    if call.claims.get("exp", 0) < time.time():
        raise GraphRefused(
            401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."
        )
    if tenant is None or app is None:
        raise GraphRefused(401, "InvalidAuthenticationToken", "Access token validation failure.")
    return tenant, app


def _mailbox(call: Call, tenant: Tenant, app: App) -> Mailbox:
    """The mailbox that the request names, if its token may open it."""
    user = call.claims.get("scp") is not None
    if "/me/" in call.request.path and not user:
        raise GraphRefused(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
    if user:
        allowed = bool(READ & set(call.claims["scp"].split()))
    else:
        allowed = bool(READ & set(call.claims.get("roles", ()))) or _listed(
            call.mailbox, app.management_scope
        )
    if not allowed:
        raise GraphRefused(403, "ErrorAccessDenied", DENIED)
    mailbox = _found(call, tenant)
    if user and not _may_open(tenant, call.username, mailbox):
        raise GraphRefused(403, "ErrorAccessDenied", DENIED)
    if not user and app.access_policy is not None and not _listed(mailbox.address, app.access_policy):
        raise GraphRefused(403, "ErrorAccessDenied", DISABLED)
    if mailbox.state != "ready":
        raise GraphRefused(*STATES[mailbox.state])
    return mailbox


def _found(call: Call, tenant: Tenant) -> Mailbox:
    wanted = fold(call.mailbox)
    if direct := tenant.mailboxes.get(wanted):
        return direct
    for mailbox in list(tenant.mailboxes.values()):
        if wanted in {fold(mailbox.owner), *map(fold, mailbox.aliases)}:
            return mailbox
    if wanted in tenant.accounts:
        raise GraphRefused(*NO_MAILBOX)
    raise GraphRefused(404, "ErrorInvalidUser", f"The requested user '{call.mailbox}' is invalid.")


def _may_open(tenant: Tenant, upn: str, mailbox: Mailbox) -> bool:
    account: Account | None = tenant.accounts.get(fold(upn))
    own = fold(upn) in {fold(mailbox.owner), fold(mailbox.address)}
    return account is not None and (own or _listed(mailbox.address, account.full_access))


def _listed(address: str, addresses: list[str]) -> bool:
    return fold(address) in map(fold, addresses)


def _folder(call: Call, mailbox: Mailbox, folder: str) -> Response:
    id_ = f"AQMkAD{uuid5(NAMESPACE_URL, mailbox.address).hex}AAA="
    if folder.casefold() not in {"inbox", id_.casefold()}:
        raise GraphRefused(404, "ErrorItemNotFound", NOT_FOUND)
    data = {
        "id": id_,
        "displayName": "Inbox",
        "parentFolderId": f"{id_[:-4]}ABA=",
        "childFolderCount": 0,
        "unreadItemCount": mailbox.unread,
        "totalItemCount": mailbox.total,
        "sizeInBytes": mailbox.total * 21_437,
        "isHidden": False,
    }
    context = f"https://{call.request.host}/v1.0/$metadata#users('{mailbox.address}')/mailFolders/$entity"
    return json_response(200, {"@odata.context": context, **_selected(call, data)}, headers(call))


def _application(call: Call, tenant: Tenant, caller: App, kind: str, client_id: str) -> Response:
    """An app registration or a service principal, for apps that may read the directory."""
    roles = set(call.claims.get("roles", ()))
    own = fold(client_id) == fold(caller.client_id) and "Application.ReadWrite.OwnedBy" in roles
    if not own and not roles & {"Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"}:
        raise GraphRefused(
            403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
        )
    app = tenant.apps.get(fold(client_id))
    if app is None:
        message = f"Resource '{client_id}' does not exist or one of its queried reference-property objects are not present."
        raise GraphRefused(404, "Request_ResourceNotFound", message)
    data: dict[str, Any] = {"id": app.object_id, "appId": app.client_id, "displayName": app.name}
    if kind == "applications":
        data |= {
            "signInAudience": "AzureADMyOrg",
            "keyCredentials": [],
            "passwordCredentials": _credentials(app),
        }
    else:
        data |= {"accountEnabled": app.enabled, "appRoleAssignmentRequired": False}
    context = f"https://{call.request.host}/v1.0/$metadata#{kind}/$entity"
    return json_response(200, {"@odata.context": context, **_selected(call, data)}, headers(call))


def _credentials(app: App) -> list[dict[str, object]]:
    return [
        {
            "customKeyIdentifier": None,
            "displayName": secret.name,
            "endDateTime": secret.expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "hint": secret.value[:3],
            "keyId": secret.key_id,
            "secretText": None,
            "startDateTime": secret.expires.replace(year=secret.expires.year - 2).strftime(
                "%Y-%m-%dT%H:%M:%SZ"
            ),
        }
        for secret in app.secrets
    ]


def _selected(call: Call, data: dict[str, Any]) -> dict[str, Any]:
    wanted = parse_qs(call.request.query).get("$select", [""])[0]
    names = {name.strip() for name in wanted.split(",")}
    return {name: value for name, value in data.items() if name in names} if wanted else data
