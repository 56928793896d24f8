"""Microsoft Graph: opening a mailbox, sending mail, and the end dates of an app's secrets."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from configurator.vault.text import Secret
from tokenchecks.engine.answers import SUCCESS, RefusedError, correlation, graph_entity, graph_refusal
from tokenchecks.engine.microsoft.http import GuardedClient
from tokenchecks.engine.microsoft.origin import foreign, is_microsofts
from tokenchecks.engine.microsoft.transport import Response

INBOX: Final = "mailFolders/inbox?$select=id,totalItemCount,unreadItemCount"
ACCEPTED: Final = 202
REGISTRATION: Final = "applications(appId='{}')?$select=id,appId,displayName,passwordCredentials"


@dataclass(frozen=True, slots=True)
class Inbox:
    """An opened inbox, with its number of messages if Graph returned it."""

    total: int | None
    unread: int | None
    correlation_id: str
    status: int = 0


@dataclass(frozen=True, slots=True)
class Credential:
    """One of an app's secrets; `hint` is how its value begins, and is shown to nobody."""

    name: str
    key_id: str
    ends_on: date
    hint: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Registration:
    """The secrets that an app's registration lists."""

    credentials: tuple[Credential, ...]
    correlation_id: str
    status: int = 0


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that Exchange has accepted."""

    correlation_id: str
    status: int


@dataclass(frozen=True, slots=True)
class Graph:
    """Graph with one token."""

    http: GuardedClient
    host: str
    token: Secret

    def inbox(self, mailbox: str | None) -> Inbox:
        """Open the inbox of `mailbox`, or of the signed-in account; no message is read, nothing changed."""
        response, sent_id = self._exchange("GET", f"{_owner(mailbox)}/{INBOX}")
        data = graph_entity(response, self.host, "mailFolders")
        counts = [data.get(name) for name in ("totalItemCount", "unreadItemCount")]
        total, unread = (count if isinstance(count, int) else None for count in counts)
        return Inbox(total, unread, correlation(response, {}, sent_id), response.status)

    def registration(self, client_id: str) -> Registration:
        """Read the secrets in an app's registration."""
        response, sent_id = self._exchange("GET", REGISTRATION.format(quote(client_id, safe="")))
        listed = graph_entity(response, self.host, "applications").get("passwordCredentials")
        credentials = [_credential(entry) for entry in listed] if isinstance(listed, list) else []
        known = tuple(credential for credential in credentials if credential)
        return Registration(known, correlation(response, {}, sent_id), response.status)

    def send(self, sender: str | None, message: dict[str, Any]) -> Accepted:
        """Send a message once, on a connection of its own; it is not saved in Sent Items."""
        body = json.dumps({"message": message, "saveToSentItems": False}).encode()
        response, sent_id = self._exchange("POST", f"{_owner(sender)}/sendMail", body)
        if response.status != ACCEPTED or response.text.strip() or not is_microsofts(response):
            raise foreign(response, self.host)
        return Accepted(correlation(response, {}, sent_id), response.status)

    def _exchange(self, method: str, path: str, body: bytes | None = None) -> tuple[Response, str]:
        """Send one request; RefusedError for any other answer than a success."""
        sent_id = str(uuid4())
        headers = {
            "Authorization": f"Bearer {self.token.reveal()}",
            "Accept": "application/json",
            "client-request-id": sent_id,
            "return-client-request-id": "true",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        # The pool may repeat a request that met a dead connection: what must not happen twice takes a new one.
        url = f"https://{self.host}/v1.0/{path}"
        response = self.http.request(method, url, headers=headers, body=body, fresh=body is not None)
        if response.status not in SUCCESS:
            raise RefusedError(graph_refusal(response, self.host, sent_id))
        return response, sent_id


def _owner(mailbox: str | None) -> str:
    return "me" if mailbox is None else f"users/{quote(mailbox, safe='@')}"


def _credential(entry: object) -> Credential | None:
    """Read one entry of passwordCredentials; None for one without a readable end."""
    if not isinstance(entry, dict):
        return None
    texts = {name: value for name, value in entry.items() if isinstance(value, str)}
    try:
        ends_on = datetime.fromisoformat(texts.get("endDateTime", "")).astimezone(UTC).date()
    except (ValueError, OverflowError):
        return None
    return Credential(texts.get("displayName", ""), texts.get("keyId", ""), ends_on, texts.get("hint", ""))
