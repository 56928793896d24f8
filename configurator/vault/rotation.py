"""Re-keying: every secret is sealed again with the primary key, in batches, while the console works on."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from configurator.vault import envelope
from configurator.vault.errors import SecretUnreadable
from configurator.vault.keys import Keyring
from configurator.vault.models import SealedSecret
from configurator.vault.services import confirm, keyring

START = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction did: rows re-keyed and rows left unreadable, by the key they were sealed with."""

    key_id: str
    rekeyed: Counter[str]
    unreadable: Counter[str]
    last: UUID | None


# Called inside the batch's transaction, before it locks a row: listeners take their locks here. A writer may hold these
# while he waits for one of the rows, so taking them afterwards could deadlock with him.
preparations: list[Callable[[], None]] = []
# Called inside the batch's transaction: the audit event is committed with the rows, or not at all.
listeners: list[Callable[[Batch], None]] = []


def rotate(size: int) -> Iterator[Batch]:
    """Re-key all rows, `size` per transaction; can be killed, run again, or run twice at once.

    Rows that another transaction has locked are skipped and tried again, until a whole pass finds nothing to do.
    """
    keys = keyring()
    confirm(keys.primary)
    progress = True
    while progress:
        progress, after = False, START
        while (batch := _rekey_batch(keys, after, size)).last:
            after = batch.last
            progress = progress or bool(batch.rekeyed)
            yield batch


def counts() -> Counter[str]:
    """Return how many secrets each key seals at present."""
    rows = SealedSecret.objects.order_by("key_id").values_list("key_id").annotate(number=Count("id"))
    return Counter(dict(rows))


@transaction.atomic
def _rekey_batch(keys: Keyring, after: UUID, size: int) -> Batch:
    for prepare in preparations:
        prepare()
    others = SealedSecret.objects.defer(None).exclude(key_id=keys.primary.id).filter(id__gt=after)
    rows = list(others.order_by("id").select_for_update(skip_locked=True)[:size])
    batch = Batch(keys.primary.id, Counter(), Counter(), rows[-1].id if rows else None)
    for row in rows:
        tally = batch.rekeyed if _rekey(row, keys) else batch.unreadable
        tally[row.key_id] += 1
    if batch.rekeyed:
        for listener in listeners:
            listener(batch)
    return batch


def _rekey(row: SealedSecret, keys: Keyring) -> bool:
    """Seal one locked row again; an unreadable one is left exactly as it is."""
    try:
        secret = envelope.open_(bytes(row.envelope), row.place, keys)
    except SecretUnreadable:
        return False
    SealedSecret.objects.filter(pk=row.pk).update(
        envelope=envelope.seal(secret, row.place, keys),
        key_id=keys.primary.id,
        fingerprint=secret.fingerprint(keys.primary.fingerprinting),
    )
    return True
