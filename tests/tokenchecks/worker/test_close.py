"""The day on which a secret ends, told by Microsoft, replaces what was typed; what is sent nowhere queues no check."""

import datetime as dt
from collections.abc import Iterator

import pytest

from configurator.audit.models import AuditEvent
from configurator.vault.text import Secret
from demo.seed import first_steps
from demo.server import DemoTenant
from demo.world import App
from mailsettings.models import IncomingServer
from mailsettings.rotation.services import next_secret_set, secret_switch
from mailsettings.services import incoming_server_save
from tests.people import ACTOR, incoming
from tokenchecks.engine.results import Outcome, StageResult
from tokenchecks.models import CheckRun, Kind
from tokenchecks.services.queue import checks_queue
from tokenchecks.subjects.targets import targets_of
from tokenchecks.worker.check import perform_run
from tokenchecks.worker.claim import claim_batch
from tokenchecks.worker.close import write_end_dates

pytestmark = pytest.mark.django_db
TYPED = dt.date(2031, 3, 31)


@pytest.fixture
def app(tenant: DemoTenant) -> Iterator[App]:
    """Return an app that may read its own registration."""
    app = tenant.world.app(first_steps(tenant.world)["client_id"])
    app.roles.append("Application.Read.All")
    yield app
    app.roles.remove("Application.Read.All")


@pytest.fixture
def server(app: App, tenant: DemoTenant) -> IncomingServer:
    """Return a server of that app for which another date was typed; nothing waits."""
    steps = first_steps(tenant.world)
    server = incoming(
        tenant_id=steps["tenant"], client_id=app.client_id, secret=steps["secret"], secret_expires_on=TYPED
    )
    CheckRun.objects.all().delete()
    return server


def check(server: IncomingServer) -> CheckRun:
    """Check the server to the end."""
    [run] = checks_queue(targets=targets_of(Kind.INCOMING, server.pk), requested_by="somebody")
    perform_run(run.pk)
    return run


def test_the_date_told_stands_on_the_server_and_in_the_trail_once(server: IncomingServer, app: App) -> None:
    for _ in range(2):
        check(server)
    server.refresh_from_db()
    ends = app.secrets[0].expires.date()
    assert (server.secret_expires_on, server.version) == (ends, 2)
    event = AuditEvent.objects.get(actor_name="token check")
    assert (event.before, event.after) == (
        {"secret_expires_on": TYPED.isoformat()},
        {"secret_expires_on": ends.isoformat()},
    )
    assert not CheckRun.objects.filter(state="queued").exists()


def test_a_date_told_of_a_secret_that_was_changed_meanwhile_is_dropped(server: IncomingServer) -> None:
    [run] = checks_queue(targets=targets_of(Kind.INCOMING, server.pk), requested_by="somebody")
    [mine] = claim_batch(run.pk)
    outcome = Outcome((StageResult("expiry", "ok", ends_on=dt.date(2027, 1, 1)),))
    incoming_server_save(actor=ACTOR, server=server, secret=Secret("another-secret-of-the-app"), version=server.version)
    write_end_dates([(mine, outcome)])
    server.refresh_from_db()
    assert server.secret_expires_on == TYPED


def test_a_next_secret_queues_no_check_and_a_switch_does(server: IncomingServer) -> None:
    next_secret_set(actor=ACTOR, server=server, secret=Secret("next~8Q-secret-of-the-app-that-is-long"))
    assert not CheckRun.objects.exists()
    server.refresh_from_db()
    secret_switch(actor=ACTOR, server=server, version=server.version)
    assert CheckRun.objects.count() == 1
