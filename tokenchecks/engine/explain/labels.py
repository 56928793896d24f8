"""Where a value is entered: the form, the name of its field there, and its label on the screen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from tokenchecks.engine.subject import Kind

Owner = Literal["incoming_server", "queue_address", "outgoing_server", ""]
# Checks of values outside their usual fields: a server's next secret, a server with a mailbox.
Place = Literal["", "next_secret", "mailbox_to_try"]


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of one of our forms; `label` is unambiguous on the page of the subject."""

    owner: Owner
    name: str
    label: str


ADDRESS_FIELDS: Final = {
    "account": FormField("queue_address", "account", "E-Mail Account"),
    "password": FormField("queue_address", "password", "E-Mail Password"),
    "sender": FormField("queue_address", "sender", "Sender"),
    "mailbox": FormField("queue_address", "address", "Address"),
}
FIELDS: Final[Mapping[Kind, Mapping[str, FormField]]] = {
    "incoming": {
        **ADDRESS_FIELDS,
        "tenant": FormField("incoming_server", "address", "Address"),
        "client_id": FormField("incoming_server", "client_id", "Client ID"),
        "secret": FormField("incoming_server", "secret", "Secret"),
    },
    "address": {
        **ADDRESS_FIELDS,
        "tenant": FormField("incoming_server", "address", "Address of the e-mail server"),
        "client_id": FormField("incoming_server", "client_id", "Client ID of the e-mail server"),
        "secret": FormField("incoming_server", "secret", "Secret of the e-mail server"),
    },
    "outgoing": {
        **ADDRESS_FIELDS,
        "tenant": FormField("outgoing_server", "tenant", "IP Address or Name of Mail Server"),
        "client_id": FormField("outgoing_server", "server_user", "Server User"),
        "secret": FormField("outgoing_server", "password", "Password"),
    },
}
LOGICAL_FIELDS: Final = tuple(FIELDS["incoming"])
# Of an address, a server's page has the mailbox alone; the rest is entered on the address.
FIELDS_OF_A_MAILBOX_TRIAL: Final = {
    logical: replace(field, label=f"{field.label} of the address") for logical, field in ADDRESS_FIELDS.items()
} | {"mailbox": replace(ADDRESS_FIELDS["mailbox"], label="Mailbox to try")}


def fields(kind: Kind, place: Place = "") -> Mapping[str, FormField]:
    """Return the field of each value, on a page of this kind and for this place."""
    known = FIELDS[kind]
    if place == "next_secret":
        return {**known, "secret": replace(known["secret"], name="next_secret", label="Next secret")}
    return {**known, **FIELDS_OF_A_MAILBOX_TRIAL} if place == "mailbox_to_try" else known


def labels(kind: Kind, place: Place = "") -> dict[str, str]:
    """Return the text for each placeholder of aadsts.toml on a page of this kind."""
    names = {logical: field.label for logical, field in fields(kind, place).items()}
    return names | {"address": names["tenant"]}
