"""The four people of the tests, one a default role, others that are made, and what they type."""

import uuid
from collections.abc import Callable, Collection
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from configurator.accounts.actor import Actor
from configurator.accounts.models import QueueGroup, Role, User
from configurator.console.people.services import queue_group_save, role_save, user_save
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.services import incoming_server_save, outgoing_server_save
from queues.models import Queue, QueueAddress
from queues.services import address_save, queue_save

ROLES = {
    "superuser": "Superuser",
    "admin": "E-Mail Administrator",
    "queues": "Queue Administrator",
    "support": "Support",
}
ACTOR = Actor.system("tests")
INITIAL = "wet-paint-on-the-north-gate"
# Of a queue group that is not there, and of one that is hidden.
NOWHERE, OUTSIDE = str(uuid.UUID(int=7)), str(uuid.UUID(int=8))
TENANT = "3f2a0c1e-5b7d-4c69-9a55-0d2b6f1e8a11"
As = Callable[[str], Client]


def person(username: str) -> User:
    """Return the user of that name with his role; his password cannot be used."""
    user, created = User.objects.get_or_create(username=username)
    if created:
        user.groups.set([Group.objects.get(name=ROLES[username])])
    return user


def user_made(username: str = "kim", *roles: str, **values: Any) -> User:
    """Store a user through the screens' service, with those roles and an initial password."""
    found = list(Role.roles.filter(name__in=roles))
    return user_save(actor=ACTOR, user=User(username=username, **values), roles=found, password=INITIAL)


def role_made(name: str = "Night shift", *, held: Collection[str], groups: Collection[QueueGroup] = ()) -> Role:
    """Store a role with those rights, for the queues of these groups, through the screens' service."""
    return role_save(actor=ACTOR, role=Role(name=name), held=held, groups=groups)


def group_made(name: str) -> QueueGroup:
    """Store a queue group through the screens' service."""
    return queue_group_save(actor=ACTOR, group=QueueGroup(name=name))


def own_group() -> QueueGroup:
    """Store a queue group to limit somebody to, beside one outside of that with the id OUTSIDE; return the first."""
    QueueGroup.objects.create(pk=OUTSIDE, name="Outside")
    return group_made("Own")


def limited(username: str, held: Collection[str], *groups: QueueGroup) -> User:
    """Store a user who has these rights for the queues of these groups alone."""
    role_made(f"Role of {username}", held=held, groups=groups)
    user_made(username, f"Role of {username}")
    User.objects.filter(username=username).update(password_is_initial=False)
    return User.objects.get(username=username)


@pytest.fixture
def signed_in(db: None) -> As:
    """Return a function that gives a test client signed in as superuser, admin, queues or support."""

    def as_(username: str) -> Client:
        client = Client()
        client.force_login(person(username))
        return client

    return as_


@pytest.fixture
def admin(signed_in: As) -> Client:
    """Return the client of an E-Mail Administrator."""
    return signed_in("admin")


def incoming(**values: Any) -> IncomingServer:
    """Store an incoming server through its service; OAuth Service with a secret unless said otherwise."""
    secret = values.pop("secret", "s3cret~value-of-the-app")
    values = {
        "name": "Contoso support",
        "tenant_id": uuid.UUID(TENANT),
        "client_id": uuid.uuid4(),
        "authentication_type": "oauth_service",
    } | values
    service = values["authentication_type"] == "oauth_service"
    server = IncomingServer(**values)
    return incoming_server_save(actor=ACTOR, server=server, secret=Secret(secret) if service else None)


def outgoing(**values: Any) -> OutgoingServer:
    """Store the outgoing server through its service."""
    secret = values.pop("secret", "0utgoing~secret")
    values = {"enabled": True, "tenant": TENANT, "server_user": uuid.uuid4()} | values
    server = OutgoingServer(pk=OutgoingServer.SINGLE, **values)
    return outgoing_server_save(actor=ACTOR, server=server, password=Secret(secret))


def queue(**values: Any) -> Queue:
    """Store a queue through its service."""
    return queue_save(actor=ACTOR, queue=Queue(**({"name": "Support"} | values)))


def address(**values: Any) -> QueueAddress:
    """Store an address through its service, with a queue and a server of its own unless given."""
    password = values.pop("password", "")
    values = {"address": f"box-{uuid.uuid4().hex[:8]}@contoso.example"} | values
    values.setdefault("account", values["address"])
    values.setdefault("queue", None)
    values["queue"] = values["queue"] or queue()
    if "server" not in values:
        values["server"] = incoming()
    item = QueueAddress(**values)
    return address_save(actor=ACTOR, address=item, password=Secret(password) if password else None)
