"""The objects that the trail tells of: whether they are still there, and who may view them."""

from contextlib import suppress
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import ValidationError

from configurator.accounts.models import User
from configurator.audit.words import MODELS

VIEW_RIGHT: Final = {
    "incoming_server": "incoming_server.view",
    "outgoing_server": "outgoing_server.view",
    "queue": "queue.view",
    "address": "queue.view",
    "user": "user.view",
    "role": "role.view",
    "queue_group": "queue_group.view",
}


def may_view(user: User, kind: str) -> bool:
    """Tell whether the user may view objects of the kind; one that is no object of the console shows to all."""
    return kind not in VIEW_RIGHT or user.may(VIEW_RIGHT[kind])


def stored(kind: str, object_id: str) -> Any:
    """Return the stored object; None where it is gone or never was one."""
    if kind not in MODELS:
        return None
    with suppress(ValueError, ValidationError):
        return apps.get_model(MODELS[kind])._default_manager.filter(pk=object_id).first()
    return None
