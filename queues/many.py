"""Queues and addresses written many at once, under the same rules as services.py writes them one by one.

Each returns an act for each record that changed. The caller holds the transaction, and records the acts at its end.
"""

import copy
import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from configurator.accounts.actor import Actor
from configurator.audit.services import Act
from configurator.console.many import Edit, Gone, act_of_removal, compared, write_many
from configurator.console.secrets import SecretChange
from configurator.vault import services as vault
from mailsettings.models import IncomingServer
from queues.duplicates import Holder, refuse_holder
from queues.models import Queue, QueueAddress
from queues.services import queues_follow
from queues.validators import canonical_address

Row = TypeVar("Row", Queue, QueueAddress)


@transaction.atomic
def queues_save(*, actor: Actor, edits: Sequence[Edit]) -> list[Act]:
    """Create and save queues; StaleVersion or Gone where one is not as the editor saw it."""
    if any(edit.version is None for edit in edits):
        actor.require("queue.create")
    if any(edit.version is not None for edit in edits):
        actor.require("queue.modify")
    stored = _locked_queues(edit.pk for edit in edits)
    compared(stored, edits)
    pairs = []
    for edit in edits:
        before = stored.get(edit.pk) if edit.version is not None else None
        pairs.append((_made(before or Queue(pk=edit.pk), edit), before))
    return write_many(actor=actor, pairs=pairs)


@transaction.atomic
def queues_delete(*, actor: Actor, edits: Sequence[Edit]) -> list[Act]:
    """Delete queues with their addresses and the passwords of these."""
    actor.require("queue.delete")
    stored = _locked_queues(edit.pk for edit in edits)
    compared(stored, edits)
    addresses = QueueAddress.objects.filter(queue__in=list(stored)).select_for_update(of=("self",)).order_by("pk")
    acts = _remove_addresses(list(addresses.select_related("queue", "server", "password")))
    acts += [act_of_removal(stored[edit.pk]) for edit in edits]
    Queue.objects.filter(pk__in=list(stored)).delete()
    return acts


@transaction.atomic
def addresses_save(*, actor: Actor, edits: Sequence[Edit]) -> list[Act]:
    """Create and save addresses with the passwords that they have; the rules are those of address_save."""
    actor.require("queue.modify")
    pks = [edit.pk for edit in edits]
    before = dict(QueueAddress.objects.filter(pk__in=pks).values_list("pk", "queue_id"))
    homes = {*before.values(), *(edit.values["queue_id"] for edit in edits if "queue_id" in edit.values)}
    queues = _locked_queues(homes)
    stored = _locked_addresses(pks)
    compared(stored, edits)
    servers = IncomingServer.objects.in_bulk([edit.values["server_id"] for edit in edits if "server_id" in edit.values])
    pairs, kept = [], []
    for edit in edits:
        old = stored.get(edit.pk) if edit.version is not None else None
        row = _made(old or QueueAddress(pk=edit.pk), edit)
        _place(row, queues, servers)
        if old and old.password_id:
            change = SecretChange(row, "password", old)
            change.apply(None, keep=not row.server.is_service, set_by=actor.name)
            kept.append(change)
        if not row.server.is_service and not row.password_id:
            raise ValidationError({"password": "OAuth User needs the password of the account."})
        pairs.append((row, old))
    _refuse_duplicates([row for row, _ in pairs])
    acts = write_many(actor=actor, pairs=pairs)
    for change in kept:
        change.discard_old()
    queues_follow(homes)
    return acts


@transaction.atomic
def addresses_delete(*, actor: Actor, edits: Sequence[Edit]) -> list[Act]:
    """Delete addresses and their passwords."""
    actor.require("queue.modify")
    pks = [edit.pk for edit in edits]
    homes = set(QueueAddress.objects.filter(pk__in=pks).values_list("queue_id", flat=True))
    _locked_queues(homes)
    stored = _locked_addresses(pks)
    compared(stored, edits)
    acts = _remove_addresses([stored[pk] for pk in pks])
    queues_follow(homes)
    return acts


def lock_for_many(*, queues: Collection[uuid.UUID], addresses: Collection[uuid.UUID]) -> None:
    """Lock all that a transaction of several parts will write, once and in the one order: queues, then addresses."""
    Queue.objects.lock_all(queues)
    list(QueueAddress.objects.filter(pk__in=addresses).select_for_update().order_by("pk").values_list("pk"))


def _locked_queues(pks: Iterable[uuid.UUID]) -> dict[uuid.UUID, Queue]:
    """Return the queues, locked."""
    rows = Queue.objects.filter(pk__in=list(pks)).select_for_update(no_key=True).order_by("pk")
    return {row.pk: row for row in rows}


def _locked_addresses(pks: Iterable[uuid.UUID]) -> dict[uuid.UUID, QueueAddress]:
    """Return the addresses, locked, with what their services look at."""
    rows = QueueAddress.objects.filter(pk__in=list(pks)).select_for_update(of=("self",)).order_by("pk")
    return {row.pk: row for row in rows.select_related("queue", "server", "password")}


def _made(row: Row, edit: Edit) -> Row:
    """Return a copy of the row with the edit's values."""
    made = copy.copy(row)
    for name, value in edit.values.items():
        setattr(made, name, value)
    return made


def _place(row: QueueAddress, queues: dict[uuid.UUID, Queue], servers: dict[uuid.UUID, IncomingServer]) -> None:
    """Give the row its queue and its server; Gone where one of them is deleted."""
    queue, server = queues.get(row.queue_id), servers.get(row.server_id)
    if queue is None or (server is None and row._state.adding):
        raise Gone("Its queue or its server was deleted meanwhile.")
    row.queue, row.server = queue, server or row.server


def _refuse_duplicates(rows: Sequence[QueueAddress]) -> None:
    """Refuse an address that is on a queue already, on its field."""
    keys = {canonical_address(row.address): row for row in rows}
    found = QueueAddress.objects.filter(address_key__in=list(keys))
    for key, pk, address, queue_id, name in found.values_list(
        "address_key", "pk", "address", "queue_id", "queue__name"
    ):
        try:
            refuse_holder(keys[key], Holder(pk, address, queue_id, name))
        except ValidationError as error:
            raise ValidationError({"address": error}) from error


def _remove_addresses(rows: Sequence[QueueAddress]) -> list[Act]:
    """Delete the locked addresses, then their passwords."""
    acts = [act_of_removal(row) for row in rows]
    held = [row.password for row in rows if row.password]
    QueueAddress.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for sealed in held:
        vault.discard(sealed)
    return acts
