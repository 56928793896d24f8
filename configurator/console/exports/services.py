from collections.abc import Mapping

from django.db import transaction

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action, Kind
from configurator.audit.services import record


def list_exported(*, actor: Actor, right: str, name: str, format_: str, filters: Mapping[str, str]) -> None:
    """Record that the actor exports a list, in which format and with which filters."""
    actor.require(right)
    with transaction.atomic():
        record(
            actor=actor,
            action=Action.EXPORTED,
            kind=Kind.LIST,
            object_id="",
            object_name=name,
            after={"format": format_, **filters},
        )
