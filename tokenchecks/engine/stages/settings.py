"""The first stage: the values alone."""

import re
from collections.abc import Iterator
from typing import Final

from mailsettings.identifiers.clouds import LOGIN_HOSTS
from tokenchecks.engine.explain.evidence import end_date_past, same
from tokenchecks.engine.subject import Subject, is_guid

DOMAIN: Final = re.compile(r"(?=.{4,253}$)([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W\d_]([\w-]{0,61}[^\W_])", re.IGNORECASE)
ADDRESS: Final = re.compile(r"[^@\s/\\#?%<>()\[\]\";,:]+@[^@\s/\\#?%<>()\[\]\";,:]+\.[^@\s/\\#?%<>()\[\]\";,:.]+")
PLACEHOLDERS: Final = frozenset({"common", "organizations", "consumers", "00000000-0000-0000-0000-000000000000"})


def faults(subject: Subject) -> Iterator[str]:
    """Yield the code of each fault that makes requests to Microsoft pointless, the worst first."""
    yield from _tenant_faults(subject)
    if not subject.client_id.strip():
        yield "client_id_missing"
    if subject.is_service and not subject.secret:
        yield "secret_missing"
    if subject.kind == "address":
        yield from _address_faults(subject)


def doubts(subject: Subject) -> Iterator[str]:
    """Yield the code of each value that looks wrong, where only Microsoft's answer can decide."""
    secret = subject.secret.reveal() if subject.secret else ""
    password = subject.password.reveal() if subject.password else ""
    if not is_guid(subject.client_id):
        yield "client_id_malformed"
    if secret and not subject.is_service:
        yield "secret_unneeded"
    if is_guid(secret):
        yield "secret_looks_like_id"
    if secret != secret.strip():
        yield "secret_has_blanks"
    if secret and end_date_past(subject):
        yield "secret_end_date_past"
    if password != password.strip() and not subject.is_service:
        yield "password_has_blanks"


def _tenant_faults(subject: Subject) -> Iterator[str]:
    tenant = subject.tenant.strip()
    if subject.login_host not in LOGIN_HOSTS:
        yield "login_host_unknown"
    if not tenant:
        yield "tenant_missing"
    elif tenant.casefold() in PLACEHOLDERS:
        yield "tenant_placeholder"
    elif not is_guid(tenant) and not DOMAIN.fullmatch(tenant):
        yield "tenant_malformed"
    elif is_guid(tenant) and same(tenant, subject.client_id):
        yield "tenant_is_client"


def _address_faults(subject: Subject) -> Iterator[str]:
    if not subject.reads:
        yield "mailbox_missing"
    elif subject.mailbox and not ADDRESS.fullmatch(subject.mailbox.strip()):
        yield "mailbox_malformed"
    if subject.is_service:
        return
    account = (subject.account or "").strip()
    if not account:
        yield "account_missing"
    elif not ADDRESS.fullmatch(account):
        yield "account_malformed"
    if not subject.password:
        yield "password_missing"
