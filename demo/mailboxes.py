"""Mailboxes behind Graph: who may open which, and the answer of each state."""

from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from demo.call import Call
from demo.graph_answers import GraphError, entity
from demo.wire import Response
from demo.world import App, Mailbox, Tenant, fold

DENIED = "Access is denied. Check credentials and try again."
DISABLED = "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings."
NOT_FOUND = "The specified object was not found in the store."
NO_MAILBOX = (
    404,
    "MailboxNotEnabledForRESTAPI",
    "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
)
# The answer of a mailbox in each state; "ready" opens.
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


def open_mailbox(call: Call, tenant: Tenant, app: App) -> Mailbox:
    """The mailbox of the request, if its token may open it."""
    _check_permission(call, app)
    mailbox = found(call, tenant)
    if "scp" in call.claims and not _may_open(tenant, call.username, mailbox):
        raise GraphError(403, "ErrorAccessDenied", DENIED)
    if "scp" not in call.claims and not in_policy(app, mailbox):
        raise GraphError(403, "ErrorAccessDenied", DISABLED)
    if mailbox.state != "ready":
        raise GraphError(*STATES[mailbox.state])
    return mailbox


def _check_permission(call: Call, app: App) -> None:
    """A scope of the user, a role of the app, or a management scope in Exchange that needs no role."""
    user = "scp" in call.claims
    if "me" in call.request.parts and not user:
        raise GraphError(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
    held = call.claims["scp"].split() if user else call.claims.get("roles", ())
    if not READ & set(held) and not (not user and listed(call.mailbox, app.management_scope)):
        raise GraphError(403, "ErrorAccessDenied", DENIED)


def in_policy(app: App, mailbox: Mailbox) -> bool:
    """Whether no access policy closes the mailbox to the app."""
    return app.access_policy is None or listed(mailbox.address, app.access_policy)


def found(call: Call, tenant: Tenant) -> Mailbox:
    """The mailbox of the request, by one of its addresses or by its owner."""
    wanted = fold(call.mailbox)
    if direct := tenant.mailboxes.get(wanted):
        return direct
    for mailbox in list(tenant.mailboxes.values()):
        if wanted in {fold(mailbox.owner), *map(fold, mailbox.aliases)}:
            return mailbox
    if wanted in tenant.accounts:
        raise GraphError(*NO_MAILBOX)
    raise GraphError(404, "ErrorInvalidUser", f"The requested user '{call.mailbox}' is invalid.")


def _may_open(tenant: Tenant, upn: str, mailbox: Mailbox) -> bool:
    account = tenant.accounts.get(fold(upn))
    return account is not None and (owns(tenant, upn, mailbox) or listed(mailbox.address, account.full_access))


def owns(tenant: Tenant, upn: str, mailbox: Mailbox) -> bool:
    return fold(upn) in tenant.accounts and fold(upn) in {fold(mailbox.owner), fold(mailbox.address)}


def listed(address: str, addresses: list[str]) -> bool:
    return fold(address) in map(fold, addresses)


def folder_answer(call: Call, mailbox: Mailbox, folder: str) -> Response:
    id_ = f"AQMkAD{uuid5(NAMESPACE_URL, mailbox.address).hex}AAA="
    if folder.casefold() not in {"inbox", id_.casefold()}:
        raise GraphError(404, "ErrorItemNotFound", NOT_FOUND)
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
    return entity(call, f"users('{quote(mailbox.address)}')/mailFolders", data)
