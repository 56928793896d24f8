"""The only ways to store, open and discard a secret."""

import hmac
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from configurator.vault import envelope
from configurator.vault.envelope import Context
from configurator.vault.errors import WRONG_KEY, KeyringError, SecretUnreadable, Unreadable
from configurator.vault.keys import Key, Keyring, parse
from configurator.vault.models import KeyCheck, SealedSecret
from configurator.vault.text import Secret


def keyring() -> Keyring:
    return parse(settings.VAULT_KEYS)


@transaction.atomic
def put(*, secret: Secret, context: Context, set_by: str, hint: bool = False) -> SealedSecret:
    """Seal a secret as a new row; `hint` stores its first three characters, to find it in Entra's own list.

    SecretRefused when the text cannot be used, KeyringError when the primary key is not the database's.
    """
    keys = keyring()
    place = context.place
    sealed = envelope.seal(secret, place, keys)
    confirm(keys.primary)
    return SealedSecret.objects.create(
        envelope=sealed,
        key_id=keys.primary.id,
        fingerprint=secret.fingerprint(keys.primary.fingerprinting),
        hint=secret.hint() if hint else "",
        set_by_name=set_by,
        table=place.table,
        row=place.row,
        field=place.field,
        destination_digest=place.destination_digest,
    )


def open_sealed(row: SealedSecret, context: Context) -> Secret:
    """Return the secret if it was entered for that place and destination; SecretUnreadable if not."""
    if not row.belongs_to(context):
        raise SecretUnreadable(Unreadable.ELSEWHERE, row.key_id)
    return envelope.open_(bytes(row.envelope), context.place, keyring())


def is_same(secret: Secret, row: SealedSecret) -> bool:
    """Return by its fingerprint whether the stored secret is this one; False where its key is not known here."""
    key = keyring().get(row.key_id)
    return key is not None and hmac.compare_digest(secret.fingerprint(key.fingerprinting), row.fingerprint)


def discard(row: SealedSecret) -> None:
    """Delete a secret that no record has any more; ProtectedError while one does."""
    row.delete()


def discard_all(rows: Iterable[SealedSecret]) -> None:
    """Delete secrets that no record has any more; ProtectedError while one does."""
    if pks := [row.pk for row in rows]:
        SealedSecret.objects.filter(pk__in=pks).delete()


def confirm(key: Key) -> None:
    """Record the key at its first use; KeyringError when the database knows another key of that name."""
    known, _ = KeyCheck.objects.get_or_create(key_id=key.id, defaults={"value": key.check_value})
    if not hmac.compare_digest(known.value, key.check_value):
        raise KeyringError(WRONG_KEY.format(key.id))
