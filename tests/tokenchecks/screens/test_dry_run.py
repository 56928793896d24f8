"""The dry run of an OAuth User address under OAuth Service, and the list of those at risk."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from configurator.audit.models import AuditEvent
from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.models import IncomingServer
from queues.models import QueueAddress
from tests.people import As, address, incoming
from tests.tokenchecks.trials import stage, user_server
from tokenchecks.models import CheckResult, CheckRun, Purpose, Span
from tokenchecks.screens.lists.risk import NO_SERVER
from tokenchecks.screens.trials.panel import trial_panel
from tokenchecks.services.acts import AT_ONCE
from tokenchecks.worker.check import perform_run

RISK = "/token-checks/at-risk/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def user(tenant: DemoTenant) -> IncomingServer:
    """Return the OAuth User server of the demo's first steps."""
    return incoming(name="Personal mailboxes", **user_server(tenant))


@pytest.fixture
def service(tenant: DemoTenant) -> IncomingServer:
    """Return the OAuth Service server of the same tenant."""
    steps = first_steps(tenant.world)
    return incoming(name="Shared", tenant_id=steps["tenant"], client_id=steps["client_id"], secret=steps["secret"])


def box(server: IncomingServer, name: str = "") -> QueueAddress:
    """Return an OAuth User address on the server."""
    name = name or f"box-{uuid.uuid4().hex[:8]}@fjordlys.example"
    return address(server=server, address=name, account=name, password="corr3ct horse")


def dry_runs() -> Any:
    """Return the dry runs."""
    return CheckRun.objects.filter(purpose=Purpose.DRY_RUN)


def perform_all() -> None:
    """Perform every dry run that waits."""
    for run in dry_runs().filter(state="queued"):
        perform_run(run.pk)


class TestDryRun:
    """One address."""

    def test_that_would_work_says_what_to_change_and_changes_nothing(
        self, tenant: DemoTenant, user: IncomingServer, service: IncomingServer, signed_in: As
    ) -> None:
        item = box(user, first_steps(tenant.world)["user_account"])
        before = QueueAddress.objects.values().get(), AuditEvent.objects.count()
        support = signed_in("support")
        page = reverse("tokenchecks:dry_run", args=[item.pk])

        assert support.get(page).context["form"]["server"].value() == service.pk
        assert support.post(page, {"server": service.pk}).status_code == 302
        perform_all()

        said = support.get(page).content.decode()
        assert f"{item.address} would work under Shared: change its E-Mail Server to it" in said
        assert before == (QueueAddress.objects.values().get(), AuditEvent.objects.count())
        assert not CheckResult.objects.exists()

    def test_that_would_not_work_says_what_is_missing_and_where(
        self, tenant: DemoTenant, user: IncomingServer, service: IncomingServer, signed_in: As
    ) -> None:
        item = box(user)
        signed_in("support").post(reverse("tokenchecks:dry_run", args=[item.pk]), {"server": service.pk})
        perform_all()

        run = dry_runs().select_related("told").get()
        panel = trial_panel(run)
        assert stage(run, "mailbox")["outcome"] == "broken"
        assert "would not work under Shared yet" in panel.verdict
        assert panel.panel.decisive
        assert panel.panel.decisive.field_url.startswith(f"/queues/{item.queue_id}/?address={item.pk}")

    def test_without_a_server_of_the_tenant_says_what_to_set_up(self, user: IncomingServer, signed_in: As) -> None:
        item = box(user)

        said = signed_in("support").get(reverse("tokenchecks:dry_run", args=[item.pk])).content.decode()

        assert NO_SERVER in said

    def test_takes_an_oauth_service_server_alone(self, user: IncomingServer, signed_in: As) -> None:
        item, admin = box(user), signed_in("admin")
        page = reverse("tokenchecks:dry_run", args=[item.pk])

        for choice in (user.pk, "", "x\0y", uuid.uuid4()):
            answer = admin.post(page, {"server": choice})
            assert answer.status_code == 422
            assert b"Choose the OAuth Service server" in answer.content
        assert not dry_runs().exists()

    def test_of_a_deleted_address_comes_to_nothing(
        self, user: IncomingServer, service: IncomingServer, signed_in: As
    ) -> None:
        item = box(user)
        signed_in("support").post(reverse("tokenchecks:dry_run", args=[item.pk]), {"server": service.pk})
        sealed = item.password
        item.delete()
        assert sealed
        perform_all()

        run = dry_runs().select_related("told").get()
        assert run.state == "done"
        assert "came to nothing" in trial_panel(run).verdict

    def test_asked_for_again_replaces_the_one_that_waits(
        self, user: IncomingServer, service: IncomingServer, signed_in: As
    ) -> None:
        item, support = box(user), signed_in("support")
        for _ in range(2):
            support.post(reverse("tokenchecks:dry_run", args=[item.pk]), {"server": service.pk})

        assert sorted(dry_runs().values_list("state", flat=True)) == ["done", "queued"]

    def test_needs_the_right_to_run_checks(self, user: IncomingServer, service: IncomingServer, signed_in: As) -> None:
        item, support = box(user), signed_in("support")
        take_away("run_checkrun")

        assert support.post(reverse("tokenchecks:dry_run", args=[item.pk]), {"server": user.pk}).status_code in (
            403,
            422,
        )
        assert support.post(reverse("tokenchecks:risk_try_all")).status_code == 403
        assert b"Try it" not in support.get(reverse("tokenchecks:dry_run", args=[item.pk])).content


def take_away(codename: str) -> None:
    """Take a permission from every role."""
    for group in Group.objects.all():
        group.permissions.remove(*group.permissions.filter(codename=codename))


class TestAll:
    """All that are listed, at once."""

    def test_at_most_fifty_are_tried_with_one_token_per_server(
        self, tenant: DemoTenant, user: IncomingServer, service: IncomingServer, signed_in: As
    ) -> None:
        for _ in range(AT_ONCE + 2):
            box(user)
        tokens = len(tenant.journal.entries)

        signed_in("support").post(reverse("tokenchecks:risk_try_all"))
        first = dry_runs().order_by("requested_at").first()
        assert first
        perform_run(first.pk)

        assert dry_runs().filter(state="done").count() == AT_ONCE
        asked = [entry for entry in tenant.journal.entries[tokens:] if entry["endpoint"] == "token"]
        assert len(asked) == 1

    def test_those_of_a_tenant_without_a_server_are_left_out(self, user: IncomingServer, signed_in: As) -> None:
        box(user)

        answer = signed_in("support").post(reverse("tokenchecks:risk_try_all"), follow=True)

        assert "1 address left out" in answer.content.decode()
        assert not dry_runs().exists()

    def test_the_filters_decide_which(self, user: IncomingServer, service: IncomingServer, signed_in: As) -> None:
        box(user, "anna@fjordlys.example")
        box(user, "olaf@fjordlys.example")

        signed_in("support").post(f"{reverse('tokenchecks:risk_try_all')}?q=olaf")

        assert [run.subject_name for run in dry_runs()] == ["olaf@fjordlys.example"]


class TestRiskList:
    """The list."""

    def test_is_empty_where_nobody_uses_oauth_user(self, service: IncomingServer, signed_in: As) -> None:
        address(server=service)

        assert b"No address uses OAuth User: nothing is at risk." in signed_in("support").get(RISK).content

    def test_names_the_policy_that_was_seen_and_the_last_dry_run(
        self, user: IncomingServer, service: IncomingServer, signed_in: As
    ) -> None:
        item, support = box(user), signed_in("support")
        assert b"Microsoft advises against this sign-in" in support.get(RISK).content
        now = CheckRun.objects.values_list("requested_at", flat=True)[0]
        Span.objects.create(
            kind="address",
            subject_id=item.pk,
            status="broken",
            cause="mfa_required",
            code="AADSTS50076",
            error_class="policy",
            since=now,
            until=now,
        )
        support.post(reverse("tokenchecks:dry_run", args=[item.pk]), {"server": service.pk})
        perform_all()

        said = support.get(RISK).content.decode()

        assert "A policy has stopped it already" in said
        assert "AADSTS50076" in said
        assert "✕" in said

    def test_makes_as_many_queries_for_2_as_for_20(
        self, user: IncomingServer, service: IncomingServer, signed_in: As
    ) -> None:
        client, counts = signed_in("admin"), []
        for more in (2, 18):
            for _ in range(more):
                box(user)
            client.get(RISK)
            with CaptureQueriesContext(connection) as made:
                client.get(RISK)
            counts.append(len(made))

        assert counts[0] == counts[1]
        assert counts[1] <= 10
