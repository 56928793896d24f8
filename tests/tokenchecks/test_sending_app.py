"""An address with Sender ticked: its check looks at the app that sends, and its test mail leaves by that."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from configurator.vault.models import SealedSecret
from demo.seed import first_steps
from demo.server import DemoTenant
from demo.world import App
from health.findings.models import Finding
from health.findings.services import reconcile
from mailsettings.models import OutgoingServer
from queues.models import QueueAddress
from tests.people import address, incoming
from tests.tokenchecks.screens.test_test_mail import store_outgoing, taken, typed
from tests.tokenchecks.trials import perform_only, stage, stored
from tokenchecks.models import CheckRun, Kind, Purpose
from tokenchecks.services.queue import queue_without_notifying
from tokenchecks.subjects import stored_rows
from tokenchecks.subjects.targets import targets_of
from tokenchecks.worker.check import perform_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def apps(tenant: DemoTenant) -> Iterator[tuple[App, App]]:
    """Store the outgoing server; yield its app and the e-mail server's, and give both their rights back."""
    store_outgoing(tenant)
    steps = first_steps(tenant.world)
    found = tenant.world.app(steps["outgoing_client_id"]), tenant.world.app(steps["client_id"])
    roles = [list(app.roles) for app in found]
    yield found
    for app, held in zip(found, roles, strict=True):
        app.roles = held


@pytest.fixture
def box(tenant: DemoTenant, apps: tuple[App, App]) -> QueueAddress:
    """Return an address that works, with Sender ticked."""
    mailbox = first_steps(tenant.world)["mailbox"]
    return address(server=incoming(**stored(tenant)), address=mailbox, account=mailbox, sender=True)


def checked(box: QueueAddress) -> CheckRun:
    """Check the address in this process."""
    [run] = queue_without_notifying(targets_of(Kind.ADDRESS, box.pk), requested_by="tests")
    perform_run(run.pk)
    run.refresh_from_db()
    box.refresh_from_db()
    return run


def test_the_outgoing_servers_app_is_looked_at_first(apps: tuple[App, App], box: QueueAddress, admin: Client) -> None:
    outgoing, own = apps
    assert stage(checked(box), "send")["outcome"] == "ok"

    outgoing.roles = []
    found = stage(checked(box), "send")
    assert (box.status, found["cause"]) == ("warning", "outgoing_role_missing")
    reconcile()
    assert Finding.objects.get(rule="address_may_not_send").subject_id == box.pk
    page = admin.get(box.queue.get_absolute_url()).content.decode()
    for app in (outgoing, own):
        assert app.client_id in page

    OutgoingServer.objects.update(enabled=False)
    assert stage(checked(box), "send")["outcome"] == "ok"
    own.roles = ["Mail.ReadWrite"]
    assert stage(checked(box), "send")["cause"] == "sender_role_missing"
    assert box.status == "warning"


def test_an_outgoing_secret_that_cannot_be_opened_breaks_no_address(box: QueueAddress) -> None:
    assert box.server.secret
    SealedSecret.objects.filter(outgoing_server__isnull=False).update(envelope=box.server.secret.envelope)

    assert stage(checked(box), "send")["cause"] == "outgoing_without_token"
    assert box.status == "warning"


def test_the_outgoing_server_is_read_once_for_all_and_only_for_senders(box: QueueAddress) -> None:
    rows = [address(server=box.server, sender=ticked) for ticked in (True, True, False)]

    with CaptureQueriesContext(
        connection,
    ) as asked:
        outgoing = stored_rows.outgoing_for(rows)
        assert outgoing
        found = [stored_rows.subject_of(Kind.ADDRESS, row, outgoing).outgoing for row in rows[:2]]
        assert found == [outgoing, outgoing]
    assert sum("outgoingserver" in query["sql"] for query in asked) == 1
    assert stored_rows.subject_of(Kind.ADDRESS, rows[2], outgoing).outgoing is None
    assert stored_rows.outgoing_for(rows[2:]) is None


def test_a_test_mail_leaves_by_the_outgoing_servers_app(
    tenant: DemoTenant, apps: tuple[App, App], box: QueueAddress, admin: Client
) -> None:
    apps[1].roles = ["Mail.ReadWrite"]
    tenant.journal.clear()

    admin.post(reverse("tokenchecks:test_mail_address", args=[box.pk]), typed())
    perform_only(Purpose.TEST_MAIL)

    assert len(taken(tenant)) == 1
