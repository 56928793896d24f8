"""What an export holds comes back by an import: into a console that is empty but for the secrets."""

from typing import Any

import pytest
from django.test import Client

from configurator.accounts.models import QueueGroup
from imports.models import State
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tests.console.exported import rows_in, taken
from tests.imports.files import applied, errors_of, looked_at, rows_of
from tests.people import As, address, group_made, incoming, queue
from tests.queues.typed import PASSWORD

pytestmark = pytest.mark.django_db
SERVERS, QUEUES, ADDRESSES = "/e-mail-settings/incoming/", "/queues/", "/queues/addresses/export/"
NAMES = ('=HYPERLINK("x")', "+1", "@cmd", "-2+3", "'quoted'", 'Zürich "东京" – 🧑🏽‍💻', "a – b", "x" * 200)
TEXTS = ("line\nbreak", "tab\there", '"all" "quoted"', "first\n=1+1", "it's", "«»", "", " ".join(["long"] * 300))
GROUPS = ("Key accounts", '=Nord "Ost"\u00a0– 東京')
BOXES = ("info@bücher.example", "Info@STRASSE.example", "info@例え.テスト", "a.b+c@x--y.example")


def furnish() -> None:
    """Store one of each of what files find hard."""
    service = incoming(name='Contoso "service"', secret_expires_on="2027-03-31")
    incoming(name="=cmd|' /C calc'!A0", authentication_type="oauth_user")
    groups = [None, *(group_made(name) for name in GROUPS)]
    for number, (name, text) in enumerate(zip(NAMES, TEXTS, strict=True)):
        home = queue(
            name=name,
            group=groups[number % len(groups)],
            description=text,
            enabled=number % 2 == 0,
            language="pt-BR" if number % 3 else "",
            preferred_agent=(1, 0, None)[number % 3],
            required_agent=1 if number % 3 == 0 else None,
            max_email_kb=number or None,
        )
        if number < len(BOXES):
            address(
                queue=home,
                server=service,
                address=BOXES[number],
                account=f"box{number}@contoso.example",
                priority=number or None,
                sender=number % 2 == 0,
            )


def exported(client: Client) -> list[list[dict[str, Any]]]:
    """Return what the exports hold: servers, queues and addresses."""
    return [rows_in(client, path, "tab") for path in (SERVERS, QUEUES, ADDRESSES)]


def alike(rows: list[dict[str, Any]], old: str, new: str) -> list[list[tuple[str, Any]]]:
    """Return the rows in one order, with the Id of the server that was entered anew in place of the old one."""
    return sorted(sorted((label, new if value == old else value) for label, value in row.items()) for row in rows)


def test_everything_comes_back_but_secrets(signed_in: As) -> None:
    furnish()
    admin = signed_in("admin")
    before = exported(admin)
    files = [taken(admin, path, "tab") for path in (SERVERS, QUEUES, ADDRESSES)]
    [service] = IncomingServer.objects.filter(authentication_type="oauth_service")
    QueueAddress.objects.all().delete()
    Queue.objects.all().delete()
    IncomingServer.objects.all().delete()
    QueueGroup.objects.all().delete()
    assert set(looked_at("queue", files[1]).counts) == {"created", "refused"}
    for name in GROUPS:
        group_made(name)

    servers = looked_at("incoming_server", files[0])
    assert servers.counts == {"created": 1, "refused": 1}
    assert [column for errors in errors_of(servers) for column, _ in errors] == ["Secret"]
    applied(servers)
    # The secret is entered by a person; the server is then the one that the files name.
    incoming(
        name=service.name, tenant_id=service.tenant_id, client_id=service.client_id, secret_expires_on="2027-03-31"
    )
    assert looked_at("incoming_server", files[0]).counts == {"unchanged": 2}
    for kind, body in (("queue", files[1]), ("address", files[2])):
        found = looked_at(kind, body)
        assert found.counts == {"created": found.rows}, errors_of(found)
        assert applied(found).state == State.APPLIED

    after = exported(admin)
    new = str(IncomingServer.objects.get(name=service.name).pk)
    for was, now in zip(before, after, strict=True):
        assert alike(was, str(service.pk), new) == alike(now, "", "")
    for kind, body in (("incoming_server", files[0]), ("queue", files[1]), ("address", files[2])):
        assert set(looked_at(kind, body).counts) == {"unchanged"}


def test_addresses_that_sign_in_by_themselves_need_their_passwords_typed(signed_in: As) -> None:
    server = incoming(name="Personal", authentication_type="oauth_user")
    box = address(queue=queue(name="Support"), server=server, password=PASSWORD)
    body = taken(signed_in("admin"), ADDRESSES, "tab")
    assert looked_at("address", body).counts == {"unchanged": 1}
    sealed = box.password_id

    changed = applied(
        looked_at("address", body.replace(b"\t\t\t" + box.account.encode(), b"\t7\t\t" + box.account.encode()))
    )

    assert rows_of(changed)[0].after == {"priority": 7}
    box.refresh_from_db()
    assert (box.priority, box.password_id) == (7, sealed)
    box.delete()
    refused = looked_at("address", body)
    assert errors_of(refused) == [
        [["E-Mail Password", "Personal is an OAuth User server: enter the password of the account."]]
    ]
