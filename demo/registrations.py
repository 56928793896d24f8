"""App registrations and service principals, for apps that may read the directory."""

from datetime import timedelta
from typing import Any

from demo.call import Call
from demo.graph_answers import GraphError, entity
from demo.wire import Response
from demo.world import App, Tenant, fold

READ = {"Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"}
MISSING = "Resource '{}' does not exist or one of its queried reference-property objects are not present."


def registration_answer(call: Call, tenant: Tenant, caller: App, kind: str, client_id: str) -> Response:
    """One of kind "applications" or "servicePrincipals"; an app may be allowed to read itself."""
    roles = set(call.claims.get("roles", ()))
    own = fold(client_id) == fold(caller.client_id) and "Application.ReadWrite.OwnedBy" in roles
    if not own and not roles & READ:
        raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    app = tenant.apps.get(fold(client_id))
    if app is None:
        raise GraphError(404, "Request_ResourceNotFound", MISSING.format(client_id))
    data: dict[str, Any] = {"id": app.object_id, "appId": app.client_id, "displayName": app.name}
    if kind == "applications":
        data |= {
            "signInAudience": "AzureADMyOrg",
            "keyCredentials": [],
            "passwordCredentials": _credentials(app),
        }
    else:
        data |= {"accountEnabled": app.enabled, "appRoleAssignmentRequired": False}
    return entity(call, kind, data)


def _credentials(app: App) -> list[dict[str, object]]:
    return [
        {
            "customKeyIdentifier": None,
            "displayName": secret.name,
            "endDateTime": secret.expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "hint": secret.value[:3],
            "keyId": secret.key_id,
            "secretText": None,
            "startDateTime": (secret.expires - timedelta(days=730)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        for secret in app.secrets
    ]
