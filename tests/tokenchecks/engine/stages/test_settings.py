"""What is told from the values alone, before anybody is asked."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from configurator.vault.text import Secret
from demo import names
from demo.server import DemoTenant
from tests.tokenchecks.engine.conftest import Make
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.stages.check import run
from tokenchecks.engine.stages.settings import doubts, faults

GUID = "11111111-2222-3333-4444-555555555555"
ZERO = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"login_host": "login.evil.example"}, "login_host_unknown", "address"),
        ({"login_host": "127.0.0.1"}, "login_host_unknown", "address"),
        ({"tenant": " "}, "tenant_missing", "address"),
        ({"tenant": "common"}, "tenant_placeholder", "address"),
        ({"tenant": "Organizations"}, "tenant_placeholder", "address"),
        ({"tenant": "consumers"}, "tenant_placeholder", "address"),
        ({"tenant": ZERO}, "tenant_placeholder", "address"),
        ({"tenant": "undefined"}, "tenant_malformed", "address"),
        ({"tenant": "contoso.com/other"}, "tenant_malformed", "address"),
        ({"tenant": names.SERVICE_APP.upper()}, "tenant_is_client", "address"),
        ({"client_id": ""}, "client_id_missing", "client_id"),
        ({"secret": None}, "secret_missing", "secret"),
        ({"secret": Secret("")}, "secret_missing", "secret"),
        ({"mailbox": None, "account": None}, "mailbox_missing", "address"),
        ({"mailbox": "kundenservice"}, "mailbox_malformed", "address"),
        ({"mailbox": "a/b@contoso.com"}, "mailbox_malformed", "address"),
    ],
)
def test_a_fault_ends_the_check_before_any_request(
    gateway: Gateway, service: Make, tenant: DemoTenant, changes: dict[str, Any], code: str, field: str
) -> None:
    outcome = run(service(**changes), gateway)
    first = outcome.stages[0]
    assert (first.outcome, first.code, first.field) == ("broken", code, field)
    assert {result.outcome for result in outcome.stages[1:]} == {"not_reached"}
    assert tenant.journal.counts == {}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"account": None}, "account_missing", "account"),
        ({"account": "anna"}, "account_malformed", "account"),
        ({"account": "anna#EXT#@contoso.com"}, "account_malformed", "account"),
        ({"account": "an na@contoso.com"}, "account_malformed", "account"),
        ({"password": None}, "password_missing", "password"),
    ],
)
def test_user_needs_account_and_password(
    gateway: Gateway, user: Make, tenant: DemoTenant, changes: dict[str, Any], code: str, field: str
) -> None:
    first = run(user(**changes), gateway).stages[0]
    assert (first.outcome, first.code, first.field) == ("broken", code, field)
    assert tenant.journal.counts == {}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": "contact-centre"}, "client_id_malformed"),
        ({"secret": Secret(GUID)}, "secret_looks_like_id"),
        ({"secret": Secret(" abc8Q~secret")}, "secret_has_blanks"),
        ({"secret": Secret("abc8Q~secret\n")}, "secret_has_blanks"),
        ({"secret_expires_on": datetime.now(UTC).date() - timedelta(days=1)}, "secret_end_date_past"),
    ],
)
def test_a_doubt_is_a_warning_and_microsoft_decides(
    gateway: Gateway, service: Make, tenant: DemoTenant, changes: dict[str, Any], code: str
) -> None:
    outcome = run(service(**changes), gateway)
    assert (outcome.stages[0].outcome, outcome.stages[0].code) == ("warning", code)
    assert tenant.journal.counts["token"] == 1


def test_a_good_secret_that_looks_wrong_stays_a_warning(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    app = tenant.world.app(names.SERVICE_APP)
    app.secrets[0].value = GUID
    outcome = run(service(secret=Secret(GUID)), gateway)
    assert (outcome.status, outcome.stages[2].outcome) == ("warning", "ok")


def test_a_secret_that_ends_today_is_still_good(service: Make) -> None:
    assert not list(doubts(service(secret_expires_on=datetime.now(UTC).date())))


def test_a_secret_beside_oauth_user_is_a_doubt(user: Make) -> None:
    assert list(doubts(user(secret=Secret("abc8Q~secret")))) == ["secret_unneeded"]


def test_blanks_around_a_password_are_a_doubt(user: Make) -> None:
    assert list(doubts(user(password=Secret("secret ")))) == ["password_has_blanks"]


def test_several_faults_are_all_named(gateway: Gateway, service: Make) -> None:
    first = run(service(tenant="common", secret=None), gateway).stages[0]
    assert first.code == "tenant_placeholder"
    assert "The secret is missing" in first.detail


@pytest.mark.parametrize(
    "name",
    ["contoso.onmicrosoft.com", "fjällkraft.example", "xn--fjllkraft-w2a.example", "a.b.c.co.uk", GUID.upper()],
)
def test_tenants_by_id_and_by_domain_pass(service: Make, name: str) -> None:
    assert not list(faults(service(tenant=name)))


@pytest.mark.parametrize("form", [" {} ", "{}\n"])
def test_blanks_around_ids_do_no_harm(gateway: Gateway, service: Make, form: str) -> None:
    subject = service()
    spaced = service(tenant=form.format(subject.tenant), client_id=form.format(subject.client_id))
    assert run(spaced, gateway).status == "ok"


@pytest.mark.parametrize("text", ["a." * 50_000, "a-" * 50_000, "@" * 100_000, "a@" + "b." * 50_000])
def test_no_pattern_is_slow_on_a_long_text(service: Make, text: str) -> None:
    started = datetime.now(UTC)
    list(faults(service(tenant=text, mailbox=text)))
    assert datetime.now(UTC) - started < timedelta(milliseconds=200)
