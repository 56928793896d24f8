"""The event of re-keying: how many secrets of which key, in the transaction that re-keyed them."""

from dataclasses import dataclass

from configurator.audit.choices import Action, Kind
from configurator.audit.services import lock, record
from configurator.vault import rotation


@dataclass(frozen=True, slots=True)
class Program:
    id: str
    name: str
    request_id: str = ""


def listen() -> None:
    """Subscribe to re-keyed batches; a second call changes nothing."""
    if rekeyed not in rotation.listeners:
        rotation.preparations.append(lock)
        rotation.listeners.append(rekeyed)


def rekeyed(batch: rotation.Batch) -> None:
    """Record one event for the batch: the secrets themselves have not changed, so their records get none."""
    record(
        actor=Program("vault_rotate", "vault_rotate"),
        action=Action.REKEYED,
        kind=Kind.VAULT,
        object_id=batch.key_id,
        object_name=batch.key_id,
        before=dict(sorted(batch.rekeyed.items())),
        after={batch.key_id: batch.rekeyed.total()},
    )
