"""When the secret ends: by Microsoft's word where it gives it, else by the date that was entered."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from configurator.vault.text import Secret
from demo import names
from demo.server import DemoTenant
from demo.world import App, AppSecret
from tests.tokenchecks.engine.conftest import Make
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages.check import run

Expiry = Callable[..., StageResult]


def today() -> date:
    return datetime.now(UTC).date()


def in_days(days: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)


@pytest.fixture
def app(tenant: DemoTenant) -> App:
    """An app that may read its own registration."""
    app = tenant.world.app(names.SERVICE_APP)
    app.roles.append("Application.Read.All")
    return app


@pytest.fixture
def expiry(gateway: Gateway, service: Make) -> Expiry:
    """Checks the server and gives the last stage."""

    def check(**changes: Any) -> StageResult:
        return run(service(**{"kind": "incoming", "mailbox": None, "account": None} | changes), gateway).stages[6]

    return check


def test_microsoft_tells(expiry: Expiry, app: App, tenant: DemoTenant) -> None:
    result = expiry()
    ends = app.secrets[0].expires.date()
    assert (result.outcome, result.ends_on, result.status) == ("ok", ends, 200)
    assert result.detail == f"Ends in {(ends - today()).days} days, on {ends}, by Microsoft (“console”)"
    assert result.correlation_id == tenant.journal.entries[-1]["correlation_id"]


def test_the_outgoing_server_too(gateway: Gateway, service: Make, app: App) -> None:
    outcome = run(service(kind="outgoing", mailbox=None), gateway)
    assert outcome.ends_on == app.secrets[0].expires.date()


@pytest.mark.parametrize(
    ("days", "outcome", "words"),
    [
        (61, "ok", "Ends in 61 days"),
        (31, "ok", "Ends in 31 days"),
        (30, "warning", "Ends in 30 days"),
        (7, "warning", "Ends in 7 days"),
        (1, "warning", "Ends tomorrow"),
        (0, "warning", "Ends today"),
    ],
)
@pytest.mark.parametrize("by", ["Microsoft", "the date entered here"])
def test_it_warns_in_time(expiry: Expiry, tenant: DemoTenant, days: int, outcome: str, words: str, by: str) -> None:
    app = tenant.world.app(names.SERVICE_APP)
    if by == "Microsoft":
        app.roles.append("Application.Read.All")
        # Late on that day, so that it is not past yet.
        app.secrets[0].expires = in_days(days).replace(hour=23, minute=59, second=59)
        result = expiry()
    else:
        result = expiry(secret_expires_on=today() + timedelta(days=days))
    assert (result.outcome, result.code) == (outcome, "secret_ends_soon" if outcome == "warning" else "")
    assert result.detail.startswith(words)
    assert f"by {by}" in result.detail
    assert (result.ends_on is None) is (by != "Microsoft")


def test_without_leave_it_is_not_asked(expiry: Expiry, tenant: DemoTenant) -> None:
    result = expiry(secret_expires_on=today() + timedelta(days=100))
    assert (result.outcome, result.ends_on, result.asked) == ("ok", None, ())
    assert "grant the app Application.Read.All" in result.detail
    assert "graph" not in tenant.journal.counts


def test_neither_knows(expiry: Expiry) -> None:
    result = expiry()
    assert result.outcome == "not_needed"
    assert result.detail.startswith("Not known: no date is entered. Microsoft does not tell")


def test_a_directory_role_is_worth_a_question(expiry: Expiry, tenant: DemoTenant) -> None:
    tenant.fault(kind="claims", fields={"wids": ["88d8e3e3-8f55-4a1e-953a-9b9898b8876b"]})
    result = expiry()
    assert (result.outcome, result.status) == ("not_needed", 403)
    assert "grant the app Application.Read.All" in result.detail


def test_no_directory_role_is_none(expiry: Expiry, tenant: DemoTenant) -> None:
    tenant.fault(kind="claims", fields={"wids": ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"]})
    assert expiry().asked == ()


def test_an_app_of_another_tenant(expiry: Expiry, app: App, tenant: DemoTenant) -> None:
    tenant.fault(kind="graph", code="Request_ResourceNotFound", status=404)
    result = expiry(secret_expires_on=today() + timedelta(days=100))
    assert result.outcome == "ok"
    assert "registered in another tenant" in result.detail


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"kind": "status", "status": 503}, "could not tell just now (HTTP 503)"),
        ({"kind": "throttle"}, "could not tell just now (HTTP 429)"),
        ({"kind": "garbage"}, "could not tell just now"),
        ({"kind": "close", "part": "before"}, "could not tell just now"),
    ],
)
def test_trouble_with_the_question_breaks_nothing(
    expiry: Expiry, app: App, tenant: DemoTenant, fault: dict[str, Any], said: str
) -> None:
    tenant.fault(**fault, match={"endpoint": "graph"})
    result = expiry(secret_expires_on=today() + timedelta(days=100))
    assert result.outcome == "ok"
    assert said in result.detail


def test_a_date_entered_that_is_another(expiry: Expiry, app: App) -> None:
    ends = app.secrets[0].expires.date()
    assert "entered" not in expiry(secret_expires_on=ends + timedelta(days=1)).detail
    other = ends + timedelta(days=2)
    assert expiry(secret_expires_on=other).detail.endswith(f"; the date entered here is {other}")


def test_a_date_entered_that_is_past(expiry: Expiry) -> None:
    result = expiry(secret_expires_on=today() - timedelta(days=1))
    assert (result.outcome, result.code) == ("warning", "secret_end_date_past")
    assert result.detail.startswith("Ended 1 day ago")


class TestWhichSecret:
    """By its first three characters, which are told to nobody."""

    def another(self, app: App, value: str, days: int) -> AppSecret:
        app.secrets.append(AppSecret(value, "11111111-2222-3333-4444-555555555555", in_days(days), "other"))
        return app.secrets[-1]

    def test_the_one_that_begins_like_it(self, expiry: Expiry, app: App) -> None:
        ends = app.secrets[0].expires.date()
        self.another(app, "zzz8Q~another", 20)
        result = expiry(secret=Secret(app.secrets[0].value))
        assert result.ends_on == ends

    def test_of_several_the_first_to_end(self, expiry: Expiry, app: App) -> None:
        app.secrets[0].value = own = "~.~8Q~first-one-with-a-hint-of-its-own"
        twin = self.another(app, f"{own[:3]}8Q~another", 20)
        result = expiry(secret=Secret(own))
        assert (result.ends_on, result.outcome) == (twin.expires.date(), "warning")
        assert "2 of the app's secrets begin like this one" in result.detail
        assert own[:3] not in f"{result}"

    def test_one_that_has_ended_is_not_the_one(self, expiry: Expiry, app: App) -> None:
        own = app.secrets[0]
        self.another(app, f"{own.value[:3]}8Q~another", -20)
        assert expiry(secret=Secret(own.value)).ends_on == own.expires.date()

    def test_none_of_them(self, expiry: Expiry, app: App, tenant: DemoTenant) -> None:
        tenant.fault(kind="document", match={"endpoint": "graph"}, fields={"passwordCredentials": []})
        result = expiry(secret_expires_on=today())
        assert (result.outcome, result.code, result.ends_on) == ("warning", "secret_unlisted", None)
        assert "the date entered here is" in result.detail

    def test_one_without_a_hint_may_be_it(self, expiry: Expiry, app: App, tenant: DemoTenant) -> None:
        listed = [
            {"hint": "~~~", "endDateTime": "2099-01-01T00:00:00Z"},
            {"hint": None, "endDateTime": "2098-01-01T00:00:00.1234567Z"},
            {"hint": None, "endDateTime": None},
            "nonsense",
        ]
        tenant.fault(kind="document", match={"endpoint": "graph"}, fields={"passwordCredentials": listed})
        assert expiry().ends_on == date(2098, 1, 1)

    def test_a_list_that_is_none(self, expiry: Expiry, app: App, tenant: DemoTenant) -> None:
        tenant.fault(kind="document", match={"endpoint": "graph"}, fields={"passwordCredentials": "none"})
        assert expiry().code == "secret_unlisted"

    def test_the_id_in_place_of_the_value(self, expiry: Expiry, app: App) -> None:
        own = app.secrets[0]
        own.value = own.key_id
        result = expiry(secret=Secret(own.value))
        assert (result.outcome, result.code, result.cause) == ("warning", "secret_is_key_id", "secret_id_pasted")


def test_addresses_leave_it_to_the_server(gateway: Gateway, service: Make, app: App, tenant: DemoTenant) -> None:
    result = run(service(secret_expires_on=today()), gateway).stages[6]
    assert (result.outcome, tenant.journal.counts["graph"]) == ("not_needed", 1)


def test_an_account_has_none(gateway: Gateway, user: Make) -> None:
    assert "no secret" in run(user(), gateway).stages[6].detail
