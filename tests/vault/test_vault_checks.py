"""The system checks: a process with a wrong key does not start."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from configurator.vault.checks import keys_fit_database, keys_parse
from configurator.vault.keys import Keyring, new_entry
from configurator.vault.models import KeyCheck
from configurator.vault.rotation import rotate
from configurator.vault.services import put
from configurator.vault.text import Secret
from tests.vault.places import PRIMARY, SECOND, somewhere

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


def found() -> list[str | None]:
    messages = [*keys_parse(), *keys_fit_database(databases=["default"])]
    return [message.id for message in messages]


@pytest.fixture
def _one_secret(keys: Keyring) -> None:
    put(secret=Secret("secret"), context=somewhere(), set_by="alice")


@pytest.mark.usefixtures("_one_secret")
def test_the_right_keys_pass(settings: Settings) -> None:
    assert found() == []
    settings.VAULT_KEYS = f"{SECOND},{PRIMARY}"
    assert found() == []


@pytest.mark.parametrize("text", ["", "k1", "k1:xyz"])
def test_keys_that_cannot_be_read_are_an_error(settings: Settings, text: str) -> None:
    settings.VAULT_KEYS = text
    assert found() == ["vault.E001"]


@pytest.mark.usefixtures("_one_secret")
@pytest.mark.parametrize("behind", ["", f"{SECOND},"], ids=["only", "first"])
def test_another_key_of_the_same_name_stops_the_start(settings: Settings, behind: str) -> None:
    settings.VAULT_KEYS = behind + new_entry("k1")
    assert found() == ["vault.E002"]
    with pytest.raises(SystemCheckError, match="not the one that sealed"):
        call_command("check", "--database", "default")


@pytest.mark.usefixtures("_one_secret")
def test_no_key_for_any_secret_stops_the_start(settings: Settings) -> None:
    settings.VAULT_KEYS = SECOND
    assert found() == ["vault.E003"]


@pytest.mark.usefixtures("_one_secret")
def test_no_key_for_some_secrets_is_a_warning_that_counts(settings: Settings) -> None:
    settings.VAULT_KEYS = SECOND
    put(secret=Secret("secret"), context=somewhere(), set_by="alice")
    [message] = keys_fit_database(databases=["default"])
    assert message.id == "vault.W004"
    assert "1 sealed with k1" in message.msg


@pytest.mark.usefixtures("_one_secret")
def test_a_key_that_seals_nothing_may_go(settings: Settings) -> None:
    settings.VAULT_KEYS = f"{SECOND},{PRIMARY}"
    list(rotate(10))
    assert found() == ["vault.I006"]
    settings.VAULT_KEYS = SECOND
    assert found() == []


@pytest.mark.usefixtures("_one_secret")
def test_an_old_primary_key_is_a_warning() -> None:
    KeyCheck.objects.update(first_used_at=timezone.now() - timedelta(days=364))
    assert found() == []
    KeyCheck.objects.update(first_used_at=timezone.now() - timedelta(days=366))
    assert found() == ["vault.W005"]


@pytest.mark.usefixtures("_one_secret")
def test_the_database_is_left_alone_unless_it_is_asked_for(settings: Settings) -> None:
    settings.VAULT_KEYS = SECOND
    assert keys_fit_database(databases=None) == keys_fit_database(databases=["other"]) == []


def test_an_empty_database_passes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE vault_keycheck RENAME TO vault_keycheck_elsewhere")
    assert keys_fit_database(databases=["default"]) == []


@pytest.mark.usefixtures("_one_secret")
def test_no_message_holds_a_key(settings: Settings) -> None:
    settings.VAULT_KEYS = entry = new_entry("k1")
    assert entry.partition(":")[2] not in str(keys_fit_database(databases=["default"]))
