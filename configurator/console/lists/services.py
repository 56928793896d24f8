"""What people keep of their lists: how they like one, and views of it."""

import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db import transaction

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action, Kind
from configurator.audit.services import record
from configurator.console.models import SavedView


def list_liked(*, actor: Actor, right: str, list_name: str, columns: Sequence[str], sort: str, per_page: int) -> None:
    """Keep how the actor likes a list; a taste leaves no event."""
    actor.require(right)
    liked = urlencode({"columns": ",".join(columns), "sort": sort, "per_page": per_page})
    SavedView.objects.update_or_create(owner_id=uuid.UUID(actor.id), list=list_name, name="", defaults={"query": liked})


@transaction.atomic
def view_keep(*, actor: Actor, right: str, list_name: str, **told: Any) -> SavedView:
    """Keep a view of a list, with its name, query and whether it is shared; ValidationError for a name kept already."""
    actor.require(right)
    view = SavedView(owner_id=actor.id, list=list_name, **told)
    view.full_clean()
    view.save()
    _note(actor, Action.CREATED, view, before={}, after=_facts(view))
    return view


@transaction.atomic
def view_change(*, actor: Actor, right: str, list_name: str, view: SavedView, name: str, shared: bool) -> None:
    """Rename the actor's view, and share it or not; ValidationError for a name kept already."""
    stored = _own(actor, right, list_name, view)
    before = _facts(stored)
    stored.name, stored.shared = name, shared
    stored.full_clean()
    stored.save(update_fields=["name", "shared"])
    _note(actor, Action.CHANGED, stored, before=before, after=_facts(stored))


@transaction.atomic
def view_delete(*, actor: Actor, right: str, list_name: str, view: SavedView) -> None:
    """Delete the actor's view."""
    stored = _own(actor, right, list_name, view)
    _note(actor, Action.DELETED, stored, before=_facts(stored), after={})
    stored.delete()


def _own(actor: Actor, right: str, list_name: str, view: SavedView) -> SavedView:
    """Lock the actor's own view of the list; SavedView.DoesNotExist for that of somebody else."""
    actor.require(right)
    return SavedView.objects.select_for_update().get(pk=view.pk, owner=uuid.UUID(actor.id), list=list_name)


def _facts(view: SavedView) -> dict[str, Any]:
    """Return what the audit log keeps of a view."""
    return {"name": view.name, "list": view.list, "query": view.query, "shared": view.shared}


def _note(actor: Actor, action: Action, view: SavedView, *, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Leave an event about the view."""
    record(
        actor=actor,
        action=action,
        kind=Kind.VIEW,
        object_id=str(view.pk),
        object_name=view.name,
        before=before,
        after=after,
    )
