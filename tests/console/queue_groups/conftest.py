"""Two queue groups, and one who manages the queues of the first."""

import pytest
from django.test import Client

from configurator.accounts.models import QueueGroup, User
from configurator.accounts.rights import manage, view
from tests.people import group_made, limited


@pytest.fixture
def north(db: None) -> QueueGroup:
    """Return the group that is his."""
    return group_made("North")


@pytest.fixture
def south(db: None) -> QueueGroup:
    """Return the group that is not."""
    return group_made("South")


@pytest.fixture
def kim(north: QueueGroup) -> User:
    """Return one who manages the queues of the group."""
    held = manage("queue", "token_check") | view("incoming_server", "audit_log")
    return limited("kim-of-the-north", held, north)


@pytest.fixture
def client(kim: User) -> Client:
    """Return his client."""
    client = Client()
    client.force_login(kim)
    return client
