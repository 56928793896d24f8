"""Fixtures for the tests of the vault."""

import pytest
from pytest_django import Settings

from configurator.vault.envelope import Context
from configurator.vault.keys import Keyring, parse
from tests.vault.places import PRIMARY, somewhere


@pytest.fixture
def keys(settings: Settings) -> Keyring:
    """A ring of one key, which is also the process's."""
    settings.VAULT_KEYS = PRIMARY
    return parse(PRIMARY)


@pytest.fixture
def context() -> Context:
    """The secret of one incoming server, for one destination."""
    return somewhere()
