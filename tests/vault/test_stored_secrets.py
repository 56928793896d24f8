"""Storing, opening and discarding: each secret opens for its own record and destination only."""

from dataclasses import replace
from unittest.mock import ANY

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from configurator.vault.envelope import Context, destination
from configurator.vault.errors import KeyringError, SecretRefused, SecretUnreadable, Unreadable
from configurator.vault.keys import Keyring, new_entry
from configurator.vault.models import KeyCheck, SealedSecret
from configurator.vault.services import discard, open_sealed, put
from configurator.vault.text import Secret
from tests.vault.places import PRIMARY, SECOND, somewhere

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
TEXT = "Abc8Q~a-client-secret-of-forty-characters"


def stored(context: Context, text: str = TEXT) -> SealedSecret:
    row = put(secret=Secret(text), context=context, set_by="alice")
    return SealedSecret.objects.get(pk=row.pk)


def why(row: SealedSecret, context: Context) -> Unreadable:
    with pytest.raises(SecretUnreadable) as error:
        open_sealed(row, context)
    return error.value.reason


def test_it_opens_where_it_belongs(context: Context) -> None:
    assert open_sealed(stored(context), context).reveal() == TEXT


@pytest.mark.parametrize("text", ["😀" * 2048, "a" * 8192, "ünï€", " x "])
def test_sizes_and_alphabets_survive_the_database(context: Context, text: str) -> None:
    assert open_sealed(stored(context, text), context).reveal() == text


def test_it_tells_who_set_it_when_and_under_which_key(context: Context, keys: Keyring) -> None:
    row = stored(context)
    assert (row.set_by_name, row.key_id, row.set_at) == ("alice", keys.primary.id, ANY)
    assert row.fingerprint == Secret(TEXT).fingerprint(keys.primary.fingerprinting)
    assert "alice" in str(row)


def test_the_hint_is_kept_only_when_asked_for(context: Context) -> None:
    assert stored(context).hint == ""
    assert put(secret=Secret(TEXT), context=context, set_by="alice", hint=True).hint == "Abc"


@pytest.mark.parametrize("text", ["", "a\0b", "\ud800", "a" * 20_000])
def test_what_is_refused_leaves_no_row(context: Context, text: str) -> None:
    with pytest.raises(SecretRefused):
        put(secret=Secret(text), context=context, set_by="alice")
    assert not SealedSecret.objects.exists()


@pytest.mark.parametrize("part", ["table", "row", "field", "destination"])
def test_it_does_not_open_elsewhere(context: Context, part: str) -> None:
    other = replace(context, **{part: "elsewhere"})
    row = stored(context)
    assert not row.belongs_to(other)
    assert why(row, other) is Unreadable.ELSEWHERE


def test_a_changed_destination_asks_for_the_secret_again(context: Context) -> None:
    moved = replace(context, destination=destination("login.microsoftonline.com", "tenant", "another client"))
    row = stored(context)
    assert row.belongs_to(context)
    assert why(row, moved) is Unreadable.ELSEWHERE


@pytest.mark.parametrize("part", ["table", "row", "field", "destination_digest"])
def test_columns_rewritten_in_the_database_open_nothing(context: Context, part: str) -> None:
    """Whoever makes the row claim another place passes the first look, not the envelope."""
    other = somewhere(table="queues_queueaddress", field="password", destination="elsewhere")
    row = stored(context)
    value = getattr(other.place, part)
    SealedSecret.objects.filter(pk=row.pk).update(**{part: value})
    asked = replace(context, **{part.removesuffix("_digest"): getattr(other, part.removesuffix("_digest"))})
    assert why(SealedSecret.objects.get(pk=row.pk), asked) is Unreadable.NOT_AUTHENTIC


@pytest.mark.parametrize("changed", [{}, {"field": "password"}, {"table": "queues_queueaddress"}])
def test_envelopes_swapped_between_rows_fields_and_tables_open_nothing(changed: dict[str, str]) -> None:
    here = somewhere(row="1")
    there = somewhere(row="2", **changed)
    one, other = stored(here, "one"), stored(there, "other")
    for row, envelope in [(one, other.envelope), (other, one.envelope)]:
        SealedSecret.objects.filter(pk=row.pk).update(envelope=envelope)
    assert why(SealedSecret.objects.get(pk=one.pk), here) is Unreadable.NOT_AUTHENTIC
    assert why(SealedSecret.objects.get(pk=other.pk), there) is Unreadable.NOT_AUTHENTIC


def test_an_unreadable_secret_stays_as_it_is(context: Context, settings: Settings) -> None:
    row = stored(context)
    before = SealedSecret.objects.defer(None).values().get(pk=row.pk)
    settings.VAULT_KEYS = new_entry("k1")
    assert why(row, context) is Unreadable.NOT_AUTHENTIC
    settings.VAULT_KEYS = SECOND
    assert why(row, context) is Unreadable.UNKNOWN_KEY
    settings.VAULT_KEYS = PRIMARY
    assert SealedSecret.objects.defer(None).values().get(pk=row.pk) == before
    assert open_sealed(row, context).reveal() == TEXT


def test_a_wrong_key_of_a_known_name_seals_nothing(context: Context, settings: Settings) -> None:
    stored(context)
    settings.VAULT_KEYS = new_entry("k1")
    with pytest.raises(KeyringError, match="k1"):
        put(secret=Secret(TEXT), context=context, set_by="alice")
    assert SealedSecret.objects.count() == KeyCheck.objects.count() == 1


def test_every_put_is_a_new_row(context: Context) -> None:
    one, other = stored(context), stored(context)
    assert one.pk != other.pk
    assert one.fingerprint == other.fingerprint


def test_discard_deletes_the_row(context: Context) -> None:
    discard(stored(context))
    assert not SealedSecret.objects.exists()


def test_lists_never_load_the_ciphertext(context: Context, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    stored(context)
    with django_assert_num_queries(1) as queries:
        [row] = SealedSecret.objects.all()
        assert row.get_deferred_fields() == {"envelope"}
        assert row.hint == ""
    assert "envelope" not in queries.captured_queries[0]["sql"]


@pytest.mark.parametrize(
    "column", ["envelope = ''", "key_id = ''", "fingerprint = 'short'", "destination_digest = 'short'"]
)
def test_the_database_refuses_half_a_secret(context: Context, column: str) -> None:
    stored(context)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE vault_sealedsecret SET {column}")
