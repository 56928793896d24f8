"""What a stage that passed proves, and what it does not."""

from dataclasses import dataclass
from typing import Final

from tokenchecks.engine.results import Stage


@dataclass(frozen=True)
class Proof:
    """In words; ``looked_at`` says what a stage without a request goes by."""

    proves: str
    leaves_open: str
    looked_at: str = "only what is entered here was looked at"


PROOFS: Final[dict[Stage, Proof]] = {
    "settings": Proof(
        "Nothing is missing, and every value has the form that it should have.", "That the values are right."
    ),
    "tenant": Proof(
        "The tenant exists in this cloud, and its tokens come from one of Microsoft's own hosts.",
        "That the app is in it: no credential was used.",
    ),
    "token": Proof(
        "Just now Microsoft accepted the app, and its secret or the account's password.",
        "That it may open any mailbox: tokens are issued without any right in them too.",
        "what had come back before was not asked for again",
    ),
    "claims": Proof(
        "The token is for Microsoft Graph, for this tenant and this app, and carries the rights named.",
        "That Exchange honours them for this mailbox; nor that rights are missing which Exchange itself grants.",
        "only the token that had just been issued was read",
    ),
    "mailbox": Proof(
        "The inbox opened with this token, just now.",
        "That mail can be changed, moved or sent, or that the contact centre fetches it: no message was touched.",
    ),
    "send": Proof(
        "The token carries the right to send; after a test mail also that Exchange took it.",
        "That a mail arrives, or may be sent from every mailbox.",
        "only the token that had just been issued was read",
    ),
    "expiry": Proof(
        "The end date as Microsoft tells it, or else as it was entered here.",
        "That nobody deletes the secret before that day.",
    ),
}
