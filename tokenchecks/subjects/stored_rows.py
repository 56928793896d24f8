"""From stored rows to the engine's subjects, and back: the status columns."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, Model, Value, When
from django.db.models.functions import Now

from configurator.accounts.actor import Actor
from configurator.accounts.models import User
from configurator.accounts.scope import Scope
from configurator.status import Checked, Status
from configurator.vault.envelope import Context
from configurator.vault.errors import SecretUnreadable
from configurator.vault.models import SealedSecret
from configurator.vault.services import open_sealed
from configurator.vault.text import Secret
from mailsettings.identifiers.clouds import DEFAULT_LOGIN_HOST
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import Queue, QueueAddress
from tokenchecks.engine.subject import Kind as EngineKind
from tokenchecks.engine.subject import Subject
from tokenchecks.models import CheckRun, Kind

MODELS: dict[str, type[Model]] = {
    Kind.INCOMING: IncomingServer,
    Kind.OUTGOING: OutgoingServer,
    Kind.ADDRESS: QueueAddress,
}
ENGINE_KIND: dict[str, EngineKind] = {
    Kind.INCOMING: "incoming",
    Kind.OUTGOING: "outgoing",
    Kind.ADDRESS: "address",
}
VIEW_RIGHT: dict[str, str] = {
    Kind.INCOMING: "incoming_server.view",
    Kind.OUTGOING: "outgoing_server.view",
    Kind.ADDRESS: "queue.view",
}


def reaches(scope: Scope, kind: str, *pks: uuid.UUID) -> bool:
    """Return whether all these subjects, or queues, are within the scope; queries only where it is limited."""
    if scope.is_whole or kind not in ("queue", Kind.ADDRESS):
        return True
    rows: Any = Queue.objects if kind == "queue" else QueueAddress.objects
    return bool(rows.visible_to(scope).filter(pk__in=pks).count() == len(set(pks)))


def is_stored(kind: str, pk: uuid.UUID) -> bool:
    model = Queue if kind == "queue" else MODELS.get(kind)
    return model is not None and model._default_manager.filter(pk=pk).exists()


def require_subjects(actor: Actor, right: str, kind: str, *pks: uuid.UUID) -> None:
    """Raise PermissionDenied unless the actor has the right for all these subjects."""
    actor.require(right)
    if not reaches(actor.scope(right), kind, *pks):
        raise PermissionDenied(f"The right {right} is limited to queue groups.")


def watched_by(user: User) -> Scope:
    """Return the scope in which the user sees checks: of the list of checks, or else of queues."""
    return user.scope("token_check.view" if user.may("token_check.view") else "queue.view")


def name_of(row: Any) -> str:
    return str(row.address) if isinstance(row, QueueAddress) else str(row)


# What a check needs besides the row itself.
NEEDED: dict[str, tuple[str, ...]] = {
    Kind.INCOMING: ("secret",),
    Kind.OUTGOING: ("password",),
    Kind.ADDRESS: ("queue", "password", "server__secret"),
}


def stored(kind: str, pk: uuid.UUID) -> Any:
    """Return the row with all that its check needs; None when it was deleted."""
    return MODELS[kind]._default_manager.filter(pk=pk).select_related(*NEEDED[kind]).first()


def subject_of(kind: str, row: Any, outgoing: Subject | None = None) -> Subject:
    """Return the engine's subject, with its secrets opened; SecretUnreadable when one cannot be.

    ``outgoing`` is the server that an address with Sender ticked sends through.
    """
    makers: dict[str, Callable[[Any], Subject]] = {
        Kind.INCOMING: _incoming,
        Kind.OUTGOING: _outgoing,
        Kind.ADDRESS: _address,
    }
    subject = makers[kind](row)
    return replace(subject, outgoing=outgoing) if subject.sender else subject


def outgoing_for(rows: Iterable[Any]) -> Subject | None:
    """Return the outgoing server's subject, where it is enabled and one of the rows is a sender."""
    if not any(isinstance(row, QueueAddress) and row.sender for row in rows):
        return None
    server = OutgoingServer.objects.filter(enabled=True).select_related(*NEEDED[Kind.OUTGOING]).first()
    if server is None:
        return None
    try:
        return _outgoing(server)
    except SecretUnreadable:
        server.password = None  # its own check reports that; an address only needs to know whether the app gets a token
        return _outgoing(server)


def _opened(sealed: SealedSecret | None, context: Context) -> Secret | None:
    """Open a secret; None where there is none or where it was given for another destination."""
    if sealed is None or not sealed.belongs_to(context):
        return None
    return open_sealed(sealed, context)


def _incoming(server: IncomingServer) -> Subject:
    return Subject(
        kind="incoming",
        name=server.name,
        login_host=server.login_host,
        tenant=str(server.tenant_id),
        client_id=str(server.client_id),
        authentication_type="oauth_service" if server.is_service else "oauth_user",
        secret=_opened(server.secret, server.secret_context),
        secret_expires_on=server.secret_expires_on,
    )


def _outgoing(server: OutgoingServer) -> Subject:
    return Subject(
        kind="outgoing",
        name=str(server),
        login_host=DEFAULT_LOGIN_HOST,
        tenant=server.tenant,
        client_id=str(server.server_user or ""),
        authentication_type="oauth_service",
        secret=_opened(server.password, server.secret_context),
        secret_expires_on=server.password_expires_on,
    )


def _address(address: QueueAddress) -> Subject:
    return replace(
        _incoming(address.server),
        kind="address",
        name=address.address,
        mailbox=address.address,
        account=address.account,
        password=_opened(address.password, address.secret_context),
        sender=address.sender,
    )


def lock(runs: Iterable[CheckRun]) -> None:
    """Lock the subjects of the runs: servers before addresses, as a save does."""
    for kind, model in MODELS.items():
        rows: Any = model._default_manager.filter(pk__in=[run.subject_id for run in runs if run.kind == kind])
        list(rows.select_for_update(of=("self",)).values_list("pk"))


def mark(kind: str, pks: Collection[uuid.UUID], *, status: Status, summary: str) -> None:
    """Write one outcome on its rows; ``status_since`` moves only when the status changes."""
    rows: Any = MODELS[kind]._default_manager.filter(pk__in=pks)
    rows.update(
        status_since=Case(When(status=Value(status), then=F("status_since")), default=Now()),
        status=status,
        status_summary=summary[: Checked._meta.get_field("status_summary").max_length],
        checked_at=Now(),
    )


def stored_all(runs: Iterable[CheckRun]) -> dict[uuid.UUID, Any]:
    """Return the rows of the runs by subject; a server that serves many is loaded once."""
    found: dict[uuid.UUID, Any] = {}
    for kind in {run.kind for run in runs}:
        rows = MODELS[kind]._default_manager.filter(pk__in=[run.subject_id for run in runs if run.kind == kind])
        found |= {row.pk: row for row in rows.prefetch_related(*NEEDED[kind])}
    _load_envelopes(found.values())
    return found


def _load_envelopes(rows: Iterable[Any]) -> None:
    """Load the envelopes of the rows' secrets, which are not loaded with them, in one query."""
    sealed: dict[uuid.UUID, list[SealedSecret]] = defaultdict(list)
    for row in rows:
        server = getattr(row, "server", None)
        for held in (getattr(row, "secret", None), getattr(row, "password", None), getattr(server, "secret", None)):
            if held:
                sealed[held.pk].append(held)
    for pk, envelope in SealedSecret.objects.filter(pk__in=sealed).values_list("pk", "envelope"):
        for held in sealed[pk]:
            held.envelope = envelope


def password_entered_at(row: Any) -> datetime | None:
    """Return when the password that an address signs in with was entered; None where it signs in without one."""
    if isinstance(row, QueueAddress) and not row.server.is_service and row.password:
        return row.password.set_at
    return None
