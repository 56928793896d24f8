"""What a run was told is read back as it was typed, whatever a check looks at."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import QueueAddress
from tests.people import address, incoming, outgoing
from tests.queues.typed import PASSWORD
from tokenchecks.models import CheckRun, Kind, RunInput
from tokenchecks.subjects import stored_rows
from tokenchecks.subjects.inputs import as_values, typed_row

pytestmark = pytest.mark.django_db


def server() -> IncomingServer:
    """Return a server with every value set."""
    return incoming(secret_expires_on=date(2099, 1, 31), login_host="login.microsoftonline.us")


def sender() -> OutgoingServer:
    """Return the outgoing server with every value set."""
    return outgoing(port=8443, password_expires_on=date(2099, 1, 31))


def personal() -> QueueAddress:
    """Return an address with every value set."""
    user = incoming(authentication_type="oauth_user")
    return address(server=user, password=PASSWORD, sender=True, account="ada@contoso.example")


def shared() -> QueueAddress:
    """Return an address on an OAuth Service server."""
    return address(sender=True)


@pytest.mark.parametrize("make", [server, sender, personal, shared])
def test_a_check_of_it_sees_what_a_check_after_the_save_would(make: Any) -> None:
    row = make()
    run = CheckRun(kind=Kind(row.audit_kind))
    values = {"row": as_values(row), "stored": True, "mailbox": ""}

    typed = typed_row(RunInput(run=run, values=json.loads(json.dumps(values, cls=DjangoJSONEncoder))), {})

    assert stored_rows.subject_of(row.audit_kind, typed) == stored_rows.subject_of(row.audit_kind, row)
