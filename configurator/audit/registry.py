"""The kinds of objects whose past the trail can show: the ``audited.py`` of each app registers those of its models.

The trail keeps events of kinds that nobody registers too, such as sign-ins and imports. They have no past to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Model

from configurator.audit.choices import Kind
from configurator.vault.models import SealedSecret

if TYPE_CHECKING:
    from configurator.audit.states import State


def _anybody(_reader: Any, _row: Any) -> bool:
    return True


@dataclass(frozen=True)
class Restore:
    """In which form an earlier version of an object can be saved again, and by whom.

    ``url`` takes the stored object (None for a deleted one) and the earlier version, and returns "" where there is no
    form. ``may_restore`` takes the user and the stored object, and is called for those alone who have the right.
    """

    right: str
    right_for_deleted: str
    url: Callable[[Any, State], str]
    may_restore: Callable[[Any, Any], bool] = _anybody


@dataclass(frozen=True)
class AuditedKind:
    """A kind of object: its model, the right to view it, and what the model does not say of its fields."""

    kind: Kind
    model: type[Model]
    view_right: str
    # Labels of fields where the screen's is not the model's.
    labels: Mapping[str, str] = field(default_factory=dict)
    # Fields that events name as secrets although they point at no sealed secret.
    other_secrets: frozenset[str] = frozenset()
    # None where no earlier version can be saved again.
    restore: Restore | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The audited fields in the order of the screen."""
        return tuple(getattr(self.model, "audit_fields", ()))

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The fields of which the trail knows only whether they are set."""
        sealed = {item.name for item in self.model._meta.fields if item.related_model is SealedSecret}
        return self.other_secrets | sealed

    @cached_property
    def relations(self) -> Mapping[str, str]:
        """The fields that point at another audited object, each with the kind of that object."""
        kinds: dict[Any, str] = {found.model: found.kind.value for found in audited.values()}
        related = {item.name: kinds.get(item.related_model) for item in self.model._meta.fields}
        return {name: kind for name, kind in related.items() if kind}


# By the value of the kind.
audited: Final[dict[str, AuditedKind]] = {}


def register(*kinds: AuditedKind) -> None:
    """Add the kinds; ValueError for one that is registered already."""
    for found in kinds:
        if found.kind.value in audited:
            raise ValueError(f"The kind {found.kind.value} is registered twice.")
        audited[found.kind.value] = found


def model_of(kind: str) -> Any:
    """Return the model of the kind; KeyError for a kind that nobody registered."""
    return audited[kind].model


def secrets_of(kind: str) -> frozenset[str]:
    """Return the secret fields of the kind; none for a kind that nobody registered."""
    return audited[kind].secrets if kind in audited else frozenset()


def relations_of(kind: str) -> Mapping[str, str]:
    """Return the kind that each relation of the kind points at; none for a kind that nobody registered."""
    return audited[kind].relations if kind in audited else {}


def may_view(user: Any, kind: str) -> bool:
    """Tell whether the user may view objects of the kind; what is no object of the console is hidden from nobody."""
    return kind not in audited or bool(user.may(audited[kind].view_right))


def stored_object(kind: str, object_id: str) -> Any:
    """Return the stored object; None where it is gone or the kind has none."""
    if kind not in audited:
        return None
    with suppress(ValueError, ValidationError):
        return audited[kind].model._default_manager.filter(pk=object_id).first()
    return None
