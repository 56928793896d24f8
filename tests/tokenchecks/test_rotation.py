"""A rotation as Microsoft sees it: each switch is checked by itself, with the secret that is in use from then on."""

import pytest

from configurator.vault.text import Secret
from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.rotation import services as rotation
from mailsettings.rotation.slots import Server
from tests.mailsettings.slots import FIRST, SECOND, with_next
from tests.people import ACTOR, incoming, outgoing
from tests.worker import WorkerProcess, wait_for
from tokenchecks.models import CheckRun, Kind
from tokenchecks.subjects.stored_rows import stored, subject_of


def status(server: Server) -> str:
    """Return how the server's newest check ended, "" while it has not."""
    run = CheckRun.objects.of(server.audit_kind, server.pk).select_related("result").first()
    assert run is not None
    return "" if run.is_open else str(run.result.status)


def test_a_switch_and_a_roll_back_are_checked_with_the_secret_then_in_use(
    worker: WorkerProcess, tenant: DemoTenant
) -> None:
    """The secret in use is refused, the next one is accepted, and after a roll back the old one is refused again."""
    steps = first_steps(tenant.world)
    server = incoming(tenant_id=steps["tenant"], client_id=steps["client_id"], secret=FIRST)
    assert wait_for(lambda: status(server)) == "broken"

    with_next(server, steps["secret"])
    rotation.secret_switch(actor=ACTOR, server=server)
    assert wait_for(lambda: status(server)) == "ok"

    rotation.secret_roll_back(actor=ACTOR, server=server)
    assert wait_for(lambda: status(server)) == "broken"


@pytest.mark.django_db
def test_only_a_copy_as_after_the_switch_is_checked_with_the_next_secret() -> None:
    for kind, server in (
        (Kind.INCOMING, with_next(incoming(secret=FIRST))),
        (Kind.OUTGOING, with_next(outgoing(secret=FIRST))),
    ):
        row = stored(kind, server.pk)

        assert subject_of(kind, row).secret == Secret(FIRST)
        assert subject_of(kind, rotation.after_switch(row)).secret == Secret(SECOND)
