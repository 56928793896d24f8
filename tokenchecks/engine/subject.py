"""The input of a check: the values of one server or address, stored or typed."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from configurator.vault.text import Secret
from tokenchecks.engine.results import StageResult

Kind = Literal["incoming", "address", "outgoing"]
AuthenticationType = Literal["oauth_service", "oauth_user"]

GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """One server or address to be checked.

    `tenant` is a GUID or a domain name, `mailbox` the address that is read, `account` the name that signs in. `sender`
    says that the account is to be a sender, `outgoing` is the outgoing server where that is enabled. `for_server` says
    that an address is opened to check its server, which is what the check is about. `refused` is the token stage of an
    earlier check with this very password: it is repeated, and the password is not sent again. `changed` names what was
    edited since the last good check, in the words of labels.LOGICAL_FIELDS: empty when nothing was, None when it is not
    known that it ever worked.
    """

    kind: Kind
    name: str
    login_host: str
    tenant: str
    client_id: str
    authentication_type: AuthenticationType
    secret: Secret | None = None
    mailbox: str | None = None
    account: str | None = None
    password: Secret | None = None
    sender: bool = False
    outgoing: "Subject | None" = None
    secret_expires_on: date | None = None
    for_server: bool = False
    refused: StageResult | None = None
    changed: tuple[str, ...] | None = None

    @property
    def is_service(self) -> bool:
        """Whether the server signs in for itself (OAuth Service) rather than as a user."""
        return self.authentication_type == "oauth_service"

    @property
    def reads(self) -> str:
        """The mailbox that is opened: the address, or the account where there is no other."""
        return (self.mailbox or self.account or "").strip()

    @property
    def must_send(self) -> bool:
        """Whether the right to send mail is needed."""
        return self.kind == "outgoing" or self.sender

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Whatever must never appear in an outcome."""
        own = tuple(secret for secret in (self.secret, self.password) if secret)
        return (*own, *self.outgoing.secrets) if self.outgoing else own


def is_guid(text: str) -> bool:
    """Whether the text has the form of the IDs that Entra gives out."""
    return GUID.fullmatch(text.strip()) is not None
