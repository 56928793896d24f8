"""A unique secret goes through all that the vault and the trail do, and is then searched everywhere."""

import base64
import functools
import html
import io
import json
import logging
import secrets
import traceback
import urllib.parse
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import Settings

from configurator.audit.services import record
from configurator.audit.snapshots import SecretChange
from configurator.audit.vault import Program
from configurator.vault.errors import SecretRefused, SecretUnreadable
from configurator.vault.models import SealedSecret
from configurator.vault.services import open_sealed, put
from configurator.vault.text import Secret
from tests.vault.places import PRIMARY, SECOND, somewhere

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


def spellings(canary: str) -> set[str]:
    """The forms in which a leak would show."""
    raw = canary.encode()
    return {
        canary,
        raw.hex(),
        raw[::-1].hex(),
        canary[::-1],
        urllib.parse.quote(canary, safe=""),
        html.escape(canary),
        json.dumps(canary)[1:-1],
        *(base64.b64encode(b"x" * shift + raw)[4:-4].decode() for shift in range(3)),
    }


def rows_of_all_tables() -> str:
    """Everything that the database holds, as pg_dump would print it."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        text: list[str] = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            text.extend(row[0] for row in cursor.fetchall())
    return "\n".join(text)


def failure(act: Callable[[], object]) -> str:
    """The full report of what `act` raises, with the local variables of every frame."""
    try:
        act()
    except (SecretRefused, SecretUnreadable, TypeError) as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    raise AssertionError("It did not fail.")


def everything(canary: str, settings: Settings) -> str:
    """Do all that can be done with the canary and return all that was shown or stored."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    secret, place = Secret(canary), somewhere()
    row = put(secret=secret, context=place, set_by="alice")
    opened = open_sealed(row, place)
    logging.getLogger("canary").warning("%s %r %s %r", secret, opened, row, vars(row))
    with transaction.atomic():
        record(
            actor=Program("1", "alice"),
            action="changed",
            kind="incoming_server",
            object_id=place.row,
            object_name="Server",
            after={"secret": SecretChange.CHANGED},
        )
        shown = failure(lambda: _record_text(secret))
    shown += failure(lambda: open_sealed(row, replace(place, row="elsewhere")))
    for refused in [Secret(canary + "\0"), Secret(canary + "\ud800"), Secret(canary * 1000)]:
        shown += failure(functools.partial(put, secret=refused, context=place, set_by="alice"))
    settings.VAULT_KEYS = f"{SECOND},{PRIMARY}"
    out = io.StringIO()
    call_command("vault_rotate", stdout=out)
    call_command("dumpdata", "vault", "audit", "--all", stdout=out)
    logging.getLogger().removeHandler(handler)
    return "\n".join([shown, log.getvalue(), out.getvalue(), rows_of_all_tables(), repr(vars(row))])


def _record_text(secret: Secret) -> None:
    actor = Program("1", "alice")
    record(actor=actor, action="x", kind="y", object_id="", object_name="", after={"secret": secret})


def test_a_canary_is_found_nowhere(settings: Settings) -> None:
    canary = f'canary"<&>{secrets.token_urlsafe(20)}'
    shown = everything(canary, settings)
    assert len(shown) > 2000
    assert SealedSecret.objects.exists()
    assert not [spelling for spelling in spellings(canary) if spelling in shown]


def test_without_one_guard_the_canary_is_found(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search itself works: a secret that shows itself is seen."""
    monkeypatch.setattr(Secret, "__repr__", lambda secret: secret.reveal())
    canary = f"canary{secrets.token_urlsafe(20)}"
    assert canary in everything(canary, settings)
