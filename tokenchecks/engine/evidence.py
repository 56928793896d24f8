"""What is known beside an answer: from the values themselves, the realm, the claims, the words."""

import re
from datetime import UTC, datetime
from typing import Final

from tokenchecks.engine.answers import Refusal
from tokenchecks.engine.catalogue import Flag
from tokenchecks.engine.subject import Subject, is_guid

POLICY_WORDING: Final = re.compile(r"access to odata is disabled|access\s?policy|\[raop\]", re.IGNORECASE)
DISTRUST_WORDING: Final = re.compile(r"malicious|ip address", re.IGNORECASE)


def known_of(subject: Subject) -> frozenset[Flag]:
    """Return what the values tell by themselves, without asking anybody."""
    secret = subject.secret.reveal() if subject.secret else ""
    password = subject.password.reveal() if subject.password else ""
    facts: dict[Flag, bool] = {
        "service": subject.is_service,
        "user": not subject.is_service,
        "secret_is_guid": is_guid(secret),
        "secret_has_blanks": secret != secret.strip(),
        "secret_end_date_past": end_date_past(subject),
        "password_has_blanks": password != password.strip(),
        "tenant_is_client": is_guid(subject.tenant) and same(subject.tenant, subject.client_id),
        "other_mailbox": not subject.is_service and not reads_own_mailbox(subject),
    }
    return frozenset(flag for flag, holds in facts.items() if holds)


def told_by(refusal: Refusal) -> frozenset[Flag]:
    """Return what a refusal tells beside its code."""
    facts: dict[Flag, bool] = {
        "realm_federated": refusal.realm == "Federated",
        "realm_unknown": refusal.realm == "Unknown",
        "policy_wording": bool(POLICY_WORDING.search(refusal.words)),
        "distrusted_network": bool(DISTRUST_WORDING.search(refusal.words)),
    }
    return frozenset(flag for flag, holds in facts.items() if holds)


def end_date_past(subject: Subject) -> bool:
    """Whether the end date kept with the secret is past."""
    end = subject.secret_expires_on
    return end is not None and end < datetime.now(UTC).date()


def reads_own_mailbox(subject: Subject) -> bool:
    """Whether the mailbox is the account's own, as far as the names tell."""
    return same(subject.reads, subject.account or "")


def same(one: str, other: str) -> bool:
    """Whether two identifiers are the same, written in whatever case."""
    return one.strip().casefold() == other.strip().casefold()
