"""Sent mail: accepted and listed in the journal, or refused as Exchange refuses it; none leaves this process."""

import json
from typing import Any

from demo.call import Call
from demo.graph_answers import GraphError, headers
from demo.mailboxes import DENIED, STATES, found, in_policy, listed, owns
from demo.wire import Response
from demo.world import App, Tenant

SEND = {"Mail.Send", "Mail.Send.Shared"}
SEND_AS_DENIED = (
    "The user account which was used to submit this request does not have the right to send mail on behalf of the "
    "specified sending account., Cannot submit message."
)


def send_mail(call: Call, tenant: Tenant, app: App) -> Response:
    """202 for a message that the token may send from the mailbox; the journal has its recipients."""
    _check_right(call, app)
    mailbox = found(call, tenant)
    if "scp" in call.claims:
        if not owns(tenant, call.username, mailbox) and not listed(mailbox.address, _send_as(call, tenant)):
            raise GraphError(403, "ErrorSendAsDenied", SEND_AS_DENIED)
    elif not in_policy(app, mailbox):
        raise GraphError(403, "ErrorAccessDenied", DENIED)
    if mailbox.state != "ready":
        raise GraphError(*STATES[mailbox.state])
    call.recipients = _recipients(call.request.body)
    return Response(202, b"", headers(call))


def _check_right(call: Call, app: App) -> None:
    """A scope of the user, a role of the app, or a management scope in Exchange that needs no role."""
    user = "scp" in call.claims
    held = call.claims["scp"].split() if user else call.claims.get("roles", ())
    if not SEND & set(held) and (user or not listed(call.mailbox, app.management_scope)):
        raise GraphError(403, "ErrorAccessDenied", DENIED)


def _send_as(call: Call, tenant: Tenant) -> list[str]:
    """The mailboxes that the signed-in account may send as."""
    account = tenant.accounts.get(call.username.casefold())
    return account.send_as if account else []


def _recipients(body: bytes) -> list[str]:
    """The recipients of a message; refused when there is none, or one that is no address."""
    try:
        message: dict[str, Any] = json.loads(body)["message"]
        addresses = [str(entry["emailAddress"]["address"]) for entry in message["toRecipients"]]
    except (ValueError, LookupError, TypeError) as error:
        raise GraphError(400, "RequestBodyRead", "The message could not be read.") from error
    if not addresses or not all("@" in address.strip("@") for address in addresses):
        raise GraphError(400, "ErrorInvalidRecipients", "At least one recipient is not valid., Cannot send mail.")
    return addresses
