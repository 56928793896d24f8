"""What is known besides an answer: from the values themselves, the realm, the claims, the words."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from mailsettings.identifiers.secret_form import is_cut
from tokenchecks.engine.answers import Refusal
from tokenchecks.engine.explain.catalogue import Flag
from tokenchecks.engine.explain.wordings import said_near
from tokenchecks.engine.microsoft.graph import Credential
from tokenchecks.engine.subject import Subject, is_guid

POLICY_WORDING: Final = re.compile(r"access to odata is disabled|access\s?policy|\[raop\]", re.IGNORECASE)
UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
DISTRUST_WORDING: Final = re.compile(r"malicious|ip address", re.IGNORECASE)
APP_PASSWORD: Final = re.compile(r"[a-z]{16}|[a-z]{4}( [a-z]{4}){3}")
HINT: Final = 3


def known_of(subject: Subject) -> frozenset[Flag]:
    """Return the evidence in the values themselves."""
    secret = subject.secret.reveal() if subject.secret else ""
    password = subject.password.reveal() if subject.password else ""
    facts: dict[Flag, bool] = {
        "service": subject.is_service,
        "user": not subject.is_service,
        "secret_given": bool(secret),
        "secret_is_guid": is_guid(secret),
        "secret_cut": is_cut(secret.strip()),
        "secret_has_blanks": secret != secret.strip(),
        "secret_end_date_past": end_date_past(subject),
        "password_has_blanks": password != password.strip(),
        "password_is_app_password": bool(APP_PASSWORD.fullmatch(password)),
        "tenant_is_client": is_guid(subject.tenant) and same(subject.tenant, subject.client_id),
        "other_mailbox": not subject.is_service and not reads_own_mailbox(subject),
        "unchanged": subject.changed == (),
        "client_id_changed": "client_id" in (subject.changed or ()) and "secret" not in (subject.changed or ()),
        "tenant_changed": "tenant" in (subject.changed or ()),
    }
    return frozenset(flag for flag, holds in facts.items() if holds)


def own_credentials(subject: Subject, credentials: Iterable[Credential]) -> list[Credential]:
    """Return those of the app's secrets that may be the subject's, by their first characters.

    One without these may be it where no other fits; one that has ended is not, since this one was just accepted.
    """
    begins = subject.secret.reveal()[:HINT] if subject.secret else ""
    listed = list(credentials)
    fitting = [one for one in listed if one.hint == begins] or [one for one in listed if not one.hint]
    today = datetime.now(UTC).date()
    return [one for one in fitting if one.ends_on >= today] or fitting


def is_key_id(subject: Subject, credentials: Iterable[Credential]) -> bool:
    """Return whether the secret is the ID of one of the app's secrets rather than its value."""
    secret = subject.secret.reveal() if subject.secret else ""
    return any(same(secret, one.key_id) for one in credentials if one.key_id)


def evidence_in(refusal: Refusal) -> frozenset[Flag]:
    """Return the evidence in a refusal besides its code."""
    facts: dict[Flag, bool] = {
        "realm_federated": refusal.realm == "Federated",
        "realm_unknown": refusal.realm == "Unknown",
        "policy_wording": bool(POLICY_WORDING.search(refusal.words)),
        "distrusted_network": bool(DISTRUST_WORDING.search(refusal.words)),
        "forbidden": refusal.status == FORBIDDEN,
        "unauthorized": refusal.status == UNAUTHORIZED,
    }
    return frozenset(flag for flag, holds in facts.items() if holds) | said_near(refusal.words)


def end_date_past(subject: Subject) -> bool:
    end = subject.secret_expires_on
    return end is not None and end < datetime.now(UTC).date()


def reads_own_mailbox(subject: Subject) -> bool:
    """Return whether the mailbox is the account's own, by the names."""
    return same(subject.reads, subject.account or "")


def same(one: str, other: str) -> bool:
    """Return whether two identifiers are equal, ignoring case."""
    return one.strip().casefold() == other.strip().casefold()
