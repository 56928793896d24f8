"""A check before save of an address, and how often a password is sent."""

import pytest
from django.test import Client
from django.urls import reverse

from demo.seed import first_steps
from demo.server import DemoTenant
from queues.models import QueueAddress
from tests.people import address, incoming, queue
from tests.tokenchecks.trials import (
    WRONG,
    perform_here,
    performed,
    press,
    sealed,
    stage,
    stored,
    user_server,
    user_typed,
)
from tokenchecks.models import CheckRun, Purpose
from tokenchecks.screens.trials.panel import trial_panel
from tokenchecks.worker.check import perform_run

pytestmark = pytest.mark.django_db


class TestAddress:
    """An address of a queue."""

    def test_that_works_passes_and_says_what_a_policy_may_still_do(self, tenant: DemoTenant, admin: Client) -> None:
        server, home = incoming(**user_server(tenant)), queue()

        run = performed(press(admin, "try_address_new", home.pk, **user_typed(tenant, server)))

        assert stage(run, "mailbox")["outcome"] == "ok"
        assert "another network" in trial_panel(run).not_proved[-1]
        assert not QueueAddress.objects.exists()
        assert sealed() == 0

    def test_on_an_oauth_service_server_uses_that_ones_secret(self, tenant: DemoTenant, admin: Client) -> None:
        server, home = incoming(**stored(tenant)), queue()
        mailbox = first_steps(tenant.world)["mailbox"]

        typed = {"address": mailbox, "account": mailbox, "server": server.pk}
        run = performed(press(admin, "try_address_new", home.pk, **typed))

        assert stage(run, "mailbox")["outcome"] == "ok"

    def test_with_a_slip_gets_the_message_in_its_block(self, tenant: DemoTenant, admin: Client) -> None:
        server, home = incoming(**user_server(tenant)), queue()

        answer = press(admin, "try_address_new", home.pk, **user_typed(tenant, server, account="nobody"))

        assert answer.status_code == 422
        assert answer["HX-Retarget"] == "#numbers-addresses"
        assert b"The domain is missing" in answer.content

    def test_a_fault_of_the_server_leads_to_the_server(self, tenant: DemoTenant, admin: Client) -> None:
        server, home = incoming(**stored(tenant) | {"secret": WRONG}), queue()
        mailbox = first_steps(tenant.world)["mailbox"]
        typed = {"address": mailbox, "account": mailbox, "server": server.pk}

        run = performed(press(admin, "try_address_new", home.pk, **typed))

        decisive = trial_panel(run, on_form=True).panel.decisive
        assert decisive
        assert decisive.field_url == f"{server.get_absolute_url()}#id_secret"


class TestPassword:
    """One attempt per password, trials included."""

    def sent(self, tenant: DemoTenant) -> int:
        """Return how many passwords reached the token server."""
        return sum(1 for entry in tenant.journal.entries if entry["password"])

    def test_that_is_wrong_is_sent_once_however_often_it_is_tried_and_saved(
        self, tenant: DemoTenant, admin: Client
    ) -> None:
        server, home = incoming(**user_server(tenant)), queue()
        typed = user_typed(tenant, server, password="wr0ng horse")
        before = self.sent(tenant)

        first = performed(press(admin, "try_address_new", home.pk, **typed))
        second = performed(press(admin, "try_address_new", home.pk, **typed))
        admin.post(reverse("queues:address_new", args=[home.pk]), typed)
        saved = CheckRun.objects.get(kind="address", purpose="check")
        perform_here(saved)

        assert self.sent(tenant) == before + 1
        assert stage(first, "token")["class_"] == "password"
        assert "Not sent again" in stage(second, "token")["detail"]
        assert saved.result.cause == stage(first, "token")["cause"]

    def test_that_was_refused_when_it_was_saved_is_not_tried_either(self, tenant: DemoTenant, admin: Client) -> None:
        server = incoming(**user_server(tenant))
        account = first_steps(tenant.world)["user_account"]
        item = address(server=server, address=account, account=account, password="wr0ng horse")
        perform_here(CheckRun.objects.get(subject_id=item.pk))
        before = self.sent(tenant)

        typed = user_typed(tenant, server, version="1")
        for password in ("", "wr0ng horse"):
            run = performed(press(admin, "try_address", item.queue_id, item.pk, **typed | {"password": password}))
            assert stage(run, "token")["class_"] == "password"
        assert self.sent(tenant) == before

        right = performed(press(admin, "try_address", item.queue_id, item.pk, **typed))
        assert stage(right, "mailbox")["outcome"] == "ok"


def test_a_password_that_works_again_is_refused_no_more(tenant: DemoTenant, admin: Client) -> None:
    """What was refused once and is right by now is tried again before a save as after it."""
    own, home = incoming(**user_server(tenant)), queue()
    steps = first_steps(tenant.world)
    account, password = steps["user_account"], "fresh horse 12"
    item = address(server=own, queue=home, address=account, account=account, password=password)
    perform_run(CheckRun.objects.get(subject_id=item.pk).pk)
    held = tenant.world.account(account)
    before, held.password = held.password, password
    try:
        values = {"address": account, "account": account, "server": own.pk, "version": item.version}
        admin.post(reverse("queues:address", args=[home.pk, item.pk]), values | {"password": password})
        perform_run(CheckRun.objects.get(subject_id=item.pk, state="queued").pk)
        answer = admin.post(reverse("tokenchecks:try_address", args=[home.pk, item.pk]), values)
        perform_run(answer.context["trial"].panel.run.pk)
        run = CheckRun.objects.get(purpose=Purpose.TRIAL)
        assert stage(run, "token")["outcome"] == "ok"
    finally:
        held.password = before
