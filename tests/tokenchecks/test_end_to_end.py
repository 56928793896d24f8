"""A save, a real worker, real msal over real TLS, and what the page then says."""

from demo.seed import first_steps
from demo.server import DemoTenant
from tests.people import As, address, incoming
from tests.worker import WorkerProcess, wait_for
from tokenchecks.models import CheckResult


def test_a_saved_address_is_checked_and_the_page_says_so(
    worker: WorkerProcess, tenant: DemoTenant, signed_in: As
) -> None:
    """The address of the demo's first steps ends green within seconds of its save."""
    steps = first_steps(tenant.world)
    server = incoming(tenant_id=steps["tenant"], client_id=steps["client_id"], secret=steps["secret"])
    item = address(address=steps["mailbox"], account=steps["account"], server=server)

    result = wait_for(lambda: CheckResult.objects.filter(subject_id=item.pk).first())

    assert result.status == "ok", result.stages
    page = signed_in("support").get(item.queue.get_absolute_url())
    assert "✓" in page.content.decode()
