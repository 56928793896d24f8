"""Writes of preferences and saved views."""

import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db import transaction

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action, Kind
from configurator.audit.services import record
from configurator.console.models import SavedView


def preferences_save(
    *, actor: Actor, right: str, list_name: str, columns: Sequence[str], sort: str, per_page: int
) -> None:
    """Store the actor's preferences for a list; they make no event."""
    actor.require(right)
    query = urlencode({"columns": ",".join(columns), "sort": sort, "per_page": per_page})
    SavedView.objects.update_or_create(owner_id=uuid.UUID(actor.id), list=list_name, name="", defaults={"query": query})


@transaction.atomic
def view_keep(*, actor: Actor, right: str, list_name: str, **fields: Any) -> SavedView:
    """Save a view of a list, with its name, query and whether it is shared; ValidationError for a name in use."""
    actor.require(right)
    view = SavedView(owner_id=actor.id, list=list_name, **fields)
    view.full_clean()
    view.save()
    _note(actor, Action.CREATED, view, before={}, after=_facts(view))
    return view


@transaction.atomic
def view_change(*, actor: Actor, right: str, list_name: str, view: SavedView, name: str, shared: bool) -> None:
    """Rename the actor's view, and share it or not; ValidationError for a name in use."""
    stored = _own(actor, right, list_name, view)
    before = _facts(stored)
    stored.name, stored.shared = name, shared
    stored.full_clean()
    stored.save(update_fields=["name", "shared"])
    _note(actor, Action.CHANGED, stored, before=before, after=_facts(stored))


@transaction.atomic
def view_delete(*, actor: Actor, right: str, list_name: str, view: SavedView) -> None:
    stored = _own(actor, right, list_name, view)
    _note(actor, Action.DELETED, stored, before=_facts(stored), after={})
    stored.delete()


def _own(actor: Actor, right: str, list_name: str, view: SavedView) -> SavedView:
    """Lock the actor's own view of the list; SavedView.DoesNotExist for that of somebody else."""
    actor.require(right)
    return SavedView.objects.select_for_update().get(pk=view.pk, owner=uuid.UUID(actor.id), list=list_name)


def _facts(view: SavedView) -> dict[str, Any]:
    """Return what the audit log has of a view."""
    return {"name": view.name, "list": view.list, "query": view.query, "shared": view.shared}


def _note(actor: Actor, action: Action, view: SavedView, *, before: dict[str, Any], after: dict[str, Any]) -> None:
    record(
        actor=actor,
        action=action,
        kind=Kind.VIEW,
        object_id=str(view.pk),
        object_name=view.name,
        before=before,
        after=after,
    )
