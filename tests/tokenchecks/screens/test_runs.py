"""The page of one check: the whole transcript, as a person reads it."""

import html
import io
import re
from contextlib import suppress

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from demo import names
from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.models import IncomingServer
from tests.health.alarms.standings import breaks, sample
from tests.people import As, address, incoming
from tests.tokenchecks.runs import claimed, queued
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.engine.results import STAGES, Outcome, StageResult
from tokenchecks.models import CheckRun
from tokenchecks.screens.proof import PROOFS
from tokenchecks.worker.claim import save_stage


def check(server: IncomingServer) -> None:
    """Check the server and its address here and now, however that ends."""
    with suppress(SystemExit):
        call_command("check_tokens", "--server", server.name, stdout=io.StringIO())


@pytest.fixture
def server(db: None, tenant: DemoTenant) -> IncomingServer:
    steps = first_steps(tenant.world)
    server = incoming(name="Fjordlys", tenant_id=steps["tenant"], client_id=steps["client_id"], secret=steps["secret"])
    address(address=steps["mailbox"], account=steps["account"], server=server)
    return server


def page(signed_in: As, run: CheckRun) -> str:
    text = signed_in("support").get(run.get_absolute_url()).content.decode()
    return " ".join(html.unescape(text).split())


def test_it_tells_what_was_asked_and_what_that_proves(server: IncomingServer, signed_in: As) -> None:
    check(server)
    run = CheckRun.objects.get(kind="address", state="done")
    text = page(signed_in, run)
    for said in (
        f"login.microsoftonline.com for the document of tenant {server.tenant_id} (openid-configuration)",
        "login.microsoftonline.com which tenant fjordlys.example stands for, without a credential",
        f"login.microsoftonline.com for a token as the app {server.client_id} (client credentials)",
        "graph.microsoft.com for the inbox of hjelp@fjordlys.example, without reading a message",
        "nobody: only what is entered here was looked at",
        "HTTP 200",
    ):
        assert said in text
    for stage in STAGES[:5]:
        assert PROOFS[stage].proves in text
        assert PROOFS[stage].leaves_open in text
    for stage in run.result.stages:
        assert stage.get("correlation_id", "") in text


def test_it_tells_what_came_back_and_what_decided(db: None, tenant: DemoTenant, signed_in: As) -> None:
    check(incoming(tenant_id=names.HALDEN, client_id=names.SERVICE_APP, secret="abc8Q~cut-off"))
    run = CheckRun.objects.get(kind="incoming_server", state="done")
    text = page(signed_in, run)
    assert "HTTP 401" in text
    assert "AADSTS7000215: Invalid client secret provided" in text
    assert "The secret stored here has the form of Entra's, and is shorter than they are." in text
    assert "Who mends it" in text
    assert text.count("Does not prove") == 2
    assert text.count("not reached") == 4


def test_the_whole_can_be_copied_for_support(server: IncomingServer, tenant: DemoTenant, signed_in: As) -> None:
    secret = first_steps(tenant.world)["secret"]
    tenant.fault(kind="echo_secret", match={"endpoint": "token"})
    check(server)
    run = CheckRun.objects.get(kind="incoming_server", state="done")
    text = page(signed_in, run)
    copied = re.search(r'data-copy="(Check of Fjordlys.*?)" hidden>Copy for Microsoft support', text)
    assert copied
    assert "Token: Broken" in copied[1]
    assert "Asked: login.microsoftonline.com for a token" in copied[1]
    assert f"Correlation ID: {run.result.correlation_id}" in copied[1]
    assert secret not in text


def test_it_follows_a_check_that_is_open(db: None, signed_in: As) -> None:
    run = claimed(queued())
    save_stage(run, StageResult("settings", "ok", detail="complete"))
    text = page(signed_in, run)
    assert f'hx-get="{run.get_absolute_url()}" hx-trigger="load delay:700ms" hx-select="#run"' in text
    assert text.count("to come") >= 5


def test_it_takes_few_queries(
    server: IncomingServer, signed_in: As, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    check(server)
    client = signed_in("support")
    run = CheckRun.objects.get(kind="address", state="done")
    client.get(run.get_absolute_url())
    with django_assert_max_num_queries(8):
        client.get(run.get_absolute_url())


def test_it_says_quietly_what_else_it_may_be(db: None, signed_in: As) -> None:
    """The second and the third likely cause, with what would tell them apart; the panel of the object stays short."""
    server = incoming()
    breaks([server], "secret_wrong", words="AADSTS7000215: Invalid client secret provided")
    run = CheckRun.objects.of("incoming_server", server.pk)[0]

    text = page(signed_in, run)
    others = text.partition("Or it may be…</summary>")[2].partition("</details>")[0]

    assert 1 <= others.count("It is this if:") <= 2
    assert explain_cause("secret_wrong", "incoming").title not in others
    panel = signed_in("support").get(server.get_absolute_url()).content.decode()
    assert "Or it may be" not in panel


def test_the_link_to_a_field_is_there_for_who_may_change_it(db: None, signed_in: As) -> None:
    """Whoever may only look reads the field's name."""
    box = address()
    wrong = StageResult(
        "token", "broken", cause="secret_wrong", class_="secret", field="secret", owner="incoming_server"
    )
    sample([box.server, box], Outcome((wrong,)))
    field = explain_cause("secret_wrong", "incoming").label
    for row, path in ((box.server, box.server.get_absolute_url()), (box, box.queue.get_absolute_url())):
        run = CheckRun.objects.of(row.audit_kind, row.pk)[0]
        for url in (path, run.get_absolute_url()):
            shown = {who: signed_in(who).get(url).content.decode() for who in ("admin", "support")}
            assert "go to field" in shown["admin"], url
            assert "go to field" not in shown["support"], url
            assert re.search(rf"<dt>Then here</dt><dd>\s*{field}", shown["support"]), url
