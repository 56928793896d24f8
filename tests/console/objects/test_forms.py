"""Each field of a record's form is in one of its blocks, and its label is the one that SC has for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import get_resolver

from configurator.accounts.rights import OBJECTS
from configurator.console.objects.forms import RecordForm

# Labels by form and field: letter for letter SC's, since its documentation is open next to the console; of what SC
# does not have, as the dates on which secrets expire, and of users, roles and groups, our own.
LABELS = {
    "IncomingServerForm": {
        "name": "Name",
        "address": "Address",
        "authentication_type": "Authentication Type",
        "client_id": "Client ID",
        "secret": "Secret",
        "secret_expires_on": "Secret expires on",
    },
    "OutgoingServerForm": {
        "enabled": "Enable External Outgoing Mail Server",
        "tenant": "IP Address or Name of Mail Server",
        "port": "Port",
        "authentication_type": "Authentication Type",
        "server_user": "Server User",
        "set_password": "Set Password",
        "password": "Password",
        "password_expires_on": "Password expires on",
    },
    "QueueForm": {
        "name": "Name",
        "description": "Description",
        "type": "Type",
        "language": "Queue Language",
        "group": "Queue Group",
        "enabled": "Enabled",
        "priority": "Priority",
        "queue_size": "Queue Size",
        "pick_timeout_ms": "Timeout for Contacts to be Picked or Rejected (ms)",
        "max_email_kb": "Max. E-Mail Size (KB)",
        "preferred_agent": "Preferred Agent",
        "accept_time_limit": "Time Limit for Accepting E-Mails",
        "required_agent": "Use Required Agent Instead of Preferred Agent",
        "required_agent_expiry": "Default Expiry Time for Required Agent",
        "picking_by_others": "Allow Picking by Other Communication Panel Agents",
    },
    "AddressForm": {
        "address": "Address",
        "priority": "Priority",
        "extension_language": "Extension Language",
        "account": "E-Mail Account",
        "password": "E-Mail Password",
        "sender": "Sender",
        "server": "E-Mail Server",
    },
    "UserForm": {
        "username": "User name",
        "first_name": "First name",
        "last_name": "Last name",
        "email": "E-Mail",
        "is_active": "Active",
        "groups": "Roles",
    },
    "NewUserForm": {"password1": "Initial password", "password2": "Initial password again"},
    "RoleForm": {"name": "Name", "queue_groups": "Queue groups"} | {item.key: item.label for item in OBJECTS},
    "QueueGroupForm": {"name": "Name"},
}
pytestmark = pytest.mark.django_db


def subclasses(form: type[RecordForm]) -> Iterator[type[RecordForm]]:
    """Yield the forms of records: those that have a model."""
    for subclass in form.__subclasses__():
        if getattr(subclass._meta, "model", None) and not subclass.__module__.startswith("tests."):
            yield subclass
        yield from subclasses(subclass)


def all_forms() -> list[type[RecordForm]]:
    """Return the form of each record, and its variants."""
    assert get_resolver().url_patterns  # the URLs import all views, and these all forms
    return sorted(subclasses(RecordForm), key=lambda form: f"{form.__module__}.{form.__qualname__}")


def place_of_blocks(form: type[RecordForm]) -> str:
    """Return where the form's blocks are: its own, or those of the form that it is a variant of."""
    owner = next(base for base in form.mro() if "blocks" in vars(base))
    return f"blocks of {owner.__name__}, in {owner.__module__.replace('.', '/')}.py"


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.__name__)
def test_each_field_is_in_one_block(form: type[RecordForm]) -> None:
    in_blocks = [name for block in form.blocks for name in block.fields]
    fields = form().fields.keys() - {"version"} - form.confirmations

    for name in fields - {*in_blocks}:
        pytest.fail(
            f'{form.__name__}.{name} is in no block, so that no page shows it and each save empties it. Add "{name}" '
            f"to a Block in {place_of_blocks(form)}."
        )
    assert {*in_blocks} <= fields, f"{place_of_blocks(form)}, name fields that it has not"
    assert len(in_blocks) == len({*in_blocks}), f"A field is twice in {place_of_blocks(form)}"


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.__name__)
def test_each_field_has_the_label_of_sc(form: type[RecordForm]) -> None:
    wanted = {name: label for base in form.mro() for name, label in LABELS.get(base.__name__, {}).items()}
    fields = form().fields

    for name in (name for block in form.blocks for name in block.fields):
        assert name in wanted, (
            f'{form.__name__}.{name} has the label "{fields[name].label}", which nobody compared with SC. Add it to '
            f"LABELS[{form.__name__!r}] in {Path(__file__).name}: letter for letter SC's, where SC has the field."
        )
        assert fields[name].label == wanted[name], f"SC's label of {form.__name__}.{name} is another one"
