"""Microsoft Graph: whether a mailbox opens."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote
from uuid import uuid4

from configurator.vault.text import Secret
from tokenchecks.engine.answers import SUCCESS, RefusedError, correlation, json_object, read_refusal
from tokenchecks.engine.http import GuardedClient

INBOX: Final = "mailFolders/inbox?$select=id,totalItemCount,unreadItemCount"


@dataclass(frozen=True, slots=True)
class Inbox:
    """An inbox that opened, with its number of messages where Graph told it."""

    total: int | None
    unread: int | None
    correlation_id: str


def probe_inbox(http: GuardedClient, graph_host: str, token: Secret, mailbox: str | None) -> Inbox:
    """Open the inbox of `mailbox`, or of the signed-in account; no message is read, nothing changed."""
    owner = "me" if mailbox is None else f"users/{quote(mailbox, safe='@')}"
    sent_id = str(uuid4())
    headers = {
        "Authorization": f"Bearer {token.reveal()}",
        "Accept": "application/json",
        "client-request-id": sent_id,
        "return-client-request-id": "true",
    }
    response = http.request("GET", f"https://{graph_host}/v1.0/{owner}/{INBOX}", headers=headers)
    if response.status not in SUCCESS:
        raise RefusedError(read_refusal(response, sent_id))
    data = json_object(response, graph_host)
    counts = [data.get(name) for name in ("totalItemCount", "unreadItemCount")]
    total, unread = (count if isinstance(count, int) else None for count in counts)
    return Inbox(total, unread, correlation(response, {}, sent_id))
