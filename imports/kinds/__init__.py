"""The kinds of files, and by whom each may be imported."""

from typing import Any

from configurator.accounts.models import User
from imports.kinds.addresses import Addresses
from imports.kinds.base import Differs, Kind
from imports.kinds.lines import Line, Verdict
from imports.kinds.queues import Queues
from imports.kinds.servers import Servers

# In the order in which a whole configuration is imported.
KINDS: dict[str, type[Kind[Any]]] = {kind.key: kind for kind in (Servers, Queues, Addresses)}

WHOLE = ("queue.view", "queue.create", "queue.modify", "queue.delete")

__all__ = ["KINDS", "Differs", "Kind", "Line", "Verdict", "kinds_of"]


def kinds_of(user: User) -> dict[str, type[Kind[Any]]]:
    """Return the kinds that the user may import: those that he may modify, none where he is limited to queue groups.

    A file may name any queue, and what is said of its rows tells whether there is one.
    """
    if not all(user.scope(right).is_whole for right in WHOLE):
        return {}
    return {key: kind for key, kind in KINDS.items() if user.may(f"{kind.right}.modify")}
