"""Microsoft Graph, as far as a check uses it: inboxes, sent mail, and an app's secrets."""

import re
import time

from demo.call import Call
from demo.clouds import CLOUDS
from demo.graph_answers import GraphError
from demo.mailboxes import folder_answer, open_mailbox
from demo.outbox import send_mail
from demo.registrations import registration_answer
from demo.wire import Response
from demo.world import App, Tenant

APPLICATION = re.compile(r"(applications|servicePrincipals)\(appId='([^']*)'\)")
INVALID = "InvalidAuthenticationToken"


def graph(call: Call) -> Response:
    """The answer to one Graph request, or GraphError."""
    parts = call.request.parts
    tenant, app = _authenticated(call)
    if call.request.method == "POST" and parts[-1] == "sendMail":
        return send_mail(call, tenant, app)
    if call.request.method != "GET":
        raise GraphError(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
    if found := APPLICATION.fullmatch(parts[-1]):
        return registration_answer(call, tenant, app, found[1], found[2])
    match parts:
        case [_, "me", "mailFolders", folder] | [_, "users", _, "mailFolders", folder]:
            return folder_answer(call, open_mailbox(call, tenant, app), folder)
    raise GraphError(400, "BadRequest", f"Resource not found for the segment '{parts[-1]}'.")


def _authenticated(call: Call) -> tuple[Tenant, App]:
    """The tenant and app of a token that is ours, meant for this host, and still valid."""
    if not call.token:
        raise GraphError(401, INVALID, "Access token is empty.")
    if "." not in call.token:
        raise GraphError(401, INVALID, "IDX14100: JWT is not well formed, there are no dots (.).")
    tenant, app = call.tenant, call.app
    if tenant is None or app is None:
        raise GraphError(401, INVALID, "Access token validation failure.")
    host = call.request.host
    if host not in CLOUDS[tenant.cloud].graph_hosts:
        raise GraphError(401, INVALID, "InvalidCloudInstance")
    if call.claims.get("aud") != f"https://{host}":
        raise GraphError(401, INVALID, "Access token validation failure. Invalid audience.")
    if call.claims.get("exp", 0) < time.time():
        raise GraphError(401, INVALID, "Lifetime validation failed, the token is expired.")
    return tenant, app
