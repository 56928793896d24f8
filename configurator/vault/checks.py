"""System checks of the keys: a process with a wrong key does not start, and never reaches a row."""

import hmac
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.core import checks
from django.core.checks import CheckMessage, Error, Info, Tags, register
from django.db import connections
from django.utils import timezone

from configurator.vault.errors import WRONG_KEY, KeyringError
from configurator.vault.keys import Keyring
from configurator.vault.models import KeyCheck
from configurator.vault.rotation import counts
from configurator.vault.services import keyring

MAX_KEY_AGE = timedelta(days=365)
ROTATE = "Put a new key first (`manage.py vault_newkey`), restart, run `manage.py vault_rotate`."


@register(Tags.security)
def keys_parse(**_kwargs: object) -> list[CheckMessage]:
    """VAULT_KEYS can be read."""
    try:
        keyring()
    except KeyringError as error:
        return [Error(str(error), id="vault.E001")]
    return []


@register(Tags.database)
def keys_fit_database(*, databases: Sequence[str] | None = None, **_kwargs: object) -> list[CheckMessage]:
    """Each key is the one that this database was sealed with, and none that it needs is missing."""
    if "default" not in (databases or ()) or not _migrated():
        return []
    try:
        keys = keyring()
    except KeyringError:
        return []
    used = counts()
    return [*_wrong(keys), *_missing(keys, used), *_idle(keys, used), *_old(keys)]


def _migrated() -> bool:
    """`migrate` itself runs these checks, on an empty database too."""
    return KeyCheck._meta.db_table in connections["default"].introspection.table_names()


def _wrong(keys: Keyring) -> list[CheckMessage]:
    known = dict(KeyCheck.objects.filter(key_id__in=keys.ids).values_list("key_id", "value"))
    mine = {key_id: key.check_value for key_id in known if (key := keys.get(key_id))}
    wrong = [key_id for key_id, value in mine.items() if not hmac.compare_digest(known[key_id], value)]
    hint = "Put the former key back into VAULT_KEYS, under its name."
    return [Error(WRONG_KEY.format(key_id), hint=hint, id="vault.E002") for key_id in wrong]


def _missing(keys: Keyring, used: Counter[str]) -> list[CheckMessage]:
    missing = {key_id: number for key_id, number in used.items() if key_id not in keys.ids}
    if not missing:
        return []
    hint = "Put the missing keys back into VAULT_KEYS; otherwise these secrets have to be entered again."
    named = ", ".join(f"{number} sealed with {key_id}" for key_id, number in missing.items())
    text = f"Secrets that no key of VAULT_KEYS opens: {named}."
    if len(missing) == len(used):
        return [Error(text, hint=hint, id="vault.E003")]
    return [checks.Warning(text, hint=hint, id="vault.W004")]


def _idle(keys: Keyring, used: Counter[str]) -> list[CheckMessage]:
    text = "The key {} seals nothing any more: it can be removed from VAULT_KEYS."
    return [Info(text.format(key_id), id="vault.I006") for key_id in keys.ids[1:] if not used[key_id]]


def _old(keys: Keyring) -> list[CheckMessage]:
    limit = timezone.now() - MAX_KEY_AGE
    if not KeyCheck.objects.filter(key_id=keys.primary.id, first_used_at__lt=limit).exists():
        return []
    return [checks.Warning(f"The key {keys.primary.id} is older than a year.", hint=ROTATE, id="vault.W005")]
