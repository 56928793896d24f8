"""Pseudonyms of mailboxes, domains and names: always the same for the same one, and nobody can find out whose."""

import re
from collections.abc import Iterable
from typing import Any, Final

from django.utils.crypto import salted_hmac

MAILBOX: Final = re.compile(r"[^\s@%/<>()\[\]\"',;:=]+(?:@|%40)[^\s@%/<>()\[\]\"',;:=?&]+\.[^\s@%/<>()\[\]\"',;:=?&.]+")
TENANT: Final = re.compile(r"\b[\w-]+\.onmicrosoft\.com\b", re.IGNORECASE)
# Each text field of the bundle is in one of these four sets, or tests/support/test_pseudonyms.py fails.
# Names of servers, queues and groups; that of a relation, as queue__name, is one too.
NAMES: Final = frozenset({"name", "object_name", "subject_name"})
PEOPLE: Final = frozenset({"actor_name", "changed_by", "set_by_name", "requested_by", "acknowledged_by"})
# Written by people, so that their content is unknown.
LEFT_OUT: Final = frozenset({"description", "reason", "detail_of_finding"})
# Mailboxes, domains, codes and the product's own words: mailboxes and domains are replaced, the rest may be shown.
SEARCHED: Final = frozenset({
    "account", "action", "address", "cause", "client_id", "code", "correlation_id",
    "earlier_sender", "error_class", "extension_language", "kind", "language", "object_id", "request_id",
    "rule", "status_summary", "tenant", "who",
})  # fmt: skip
GONE: Final = "(left out)"


def pseudonym(kind: str, text: str) -> str:
    key = salted_hmac("support.pseudonyms", text.strip().casefold(), algorithm="sha256").hexdigest()
    return f"{kind}-{key[:10]}"


class Pseudonyms:
    """Replaces what identifies the owner of a bundle; tenant and client IDs stay, since a case is about them."""

    def __init__(self, domains: Iterable[str]) -> None:
        known = sorted({domain for domain in domains if "." in domain}, key=len, reverse=True)
        self._domains = re.compile("|".join(map(re.escape, known)) or r"(?!)", re.IGNORECASE)

    def of(self, value: Any, key: str = "") -> Any:
        """Return a row, or a value under its key, with pseudonyms in place."""
        if isinstance(value, dict):
            return {name: self.of(item, name) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.of(item, key) for item in value]
        if not isinstance(value, str) or not value:
            return value
        return self._text(value, key)

    def _text(self, text: str, key: str) -> str:
        if key in LEFT_OUT:
            return GONE
        if key in PEOPLE:
            return pseudonym("person", text)
        if key.rpartition("__")[2] in NAMES and not MAILBOX.fullmatch(text):
            return pseudonym("name", text)
        text = MAILBOX.sub(self._mailbox, text)
        text = TENANT.sub(lambda found: f"{pseudonym('tenant', found[0])}.onmicrosoft.com", text)
        return self._domains.sub(lambda found: _domain(found[0]), text)

    @staticmethod
    def _mailbox(found: re.Match[str]) -> str:
        """Return the pseudonym of a mailbox in that of its domain."""
        address = found[0].replace("%40", "@")
        return f"{pseudonym('box', address)}@{_domain(address.rpartition('@')[2])}"


def _domain(name: str) -> str:
    """Return the pseudonym of a domain, under a name that nobody can own."""
    return f"{pseudonym('domain', name)}.example"
