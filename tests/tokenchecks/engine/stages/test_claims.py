"""The token's own claims: for whom, from whom, with which rights, and when."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from configurator.vault.text import Secret
from demo import names
from demo.server import DemoTenant
from demo.world import Tenant
from tests.tokenchecks.engine.conftest import Make
from tokenchecks.engine.claims import doubts, read_claims
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages.check import run


def claims_stage(gateway: Gateway, subject: Any) -> StageResult:
    return run(subject, gateway).stages[3]


@pytest.mark.parametrize(
    ("fields", "code", "class_"),
    [
        ({"aud": "https://outlook.office365.com"}, "token_for_other_service", "scope"),
        ({"aud": ["https://graph.microsoft.com"]}, "token_for_other_service", "scope"),
        ({"tid": names.FJORDLYS}, "token_for_other_tenant", "tenant"),
        ({"appid": names.SALES_APP}, "token_for_other_app", "app"),
        ({"appid": None, "azp": names.SALES_APP}, "token_for_other_app", "app"),
    ],
)
def test_a_token_that_is_of_no_use(
    gateway: Gateway, service: Make, tenant: DemoTenant, fields: dict[str, object], code: str, class_: str
) -> None:
    tenant.fault(kind="claims", fields=fields)
    result = claims_stage(gateway, service())
    assert (result.outcome, result.code, result.class_) == ("broken", code, class_)


@pytest.mark.parametrize(
    "fields",
    [
        {"aud": "00000003-0000-0000-c000-000000000000"},
        {"aud": "https://graph.microsoft.com/"},
        {"tid": names.HALDEN.upper()},
        {"appid": None, "azp": names.SERVICE_APP.upper()},
    ],
)
def test_a_token_that_words_it_otherwise(
    gateway: Gateway, service: Make, tenant: DemoTenant, fields: dict[str, object]
) -> None:
    tenant.fault(kind="claims", fields=fields)
    assert claims_stage(gateway, service()).outcome == "ok"


@pytest.mark.parametrize("roles", [[], ["User.Read.All"]])
def test_no_role_is_a_warning_until_the_mailbox_decides(
    gateway: Gateway, service: Make, tenant: DemoTenant, roles: list[str]
) -> None:
    app = tenant.world.app(names.SERVICE_APP)
    app.roles = roles
    outcome = run(service(), gateway)
    assert (outcome.stages[3].outcome, outcome.stages[3].code) == ("warning", "role_missing")
    assert (outcome.status, outcome.stages[4].class_) == ("broken", "permission")
    app.management_scope = [names.SHARED_MAILBOXES[0]]
    outcome = run(service(), gateway)
    assert (outcome.status, outcome.stages[4].outcome) == ("warning", "warning")
    # The mailbox has the last word.
    assert outcome.decisive == outcome.stages[4]
    assert (outcome.stages[4].code, outcome.stages[4].who) == ("exchange_grants", "Exchange administrator")
    assert "RBAC for Applications" in outcome.stages[4].detail


@pytest.mark.parametrize(
    ("roles", "changes", "code"),
    [
        (["Mail.Read"], {}, "read_role_only"),
        (["Mail.ReadBasic.All"], {}, "read_role_only"),
        (["User.Read.All"], {}, "role_missing"),
        (["IMAP.AccessAsApp", "full_access_as_app"], {}, "role_missing"),
    ],
)
def test_missing_roles(
    gateway: Gateway, service: Make, tenant: DemoTenant, roles: list[str], changes: dict[str, Any], code: str
) -> None:
    tenant.world.app(names.SERVICE_APP).roles = roles
    result = claims_stage(gateway, service(**changes))
    assert (result.outcome, result.code, result.class_, result.who) == (
        "warning", code, "permission", "Entra administrator",
    )  # fmt: skip
    assert all(role in result.detail for role in roles if "AsApp" not in role and "_" not in role)


def test_sending_alone_needs_no_right_to_read(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.world.app(names.SERVICE_APP).roles = ["Mail.Send"]
    assert claims_stage(gateway, service(kind="outgoing")).outcome == "ok"


def test_delegated_permissions_are_not_the_apps_own(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="claims", fields={"roles": None, "scp": "Mail.ReadWrite Mail.Send"})
    result = claims_stage(gateway, service())
    assert (result.outcome, result.code, result.cause) == ("warning", "role_delegated", "permission_delegated")


@pytest.mark.parametrize(
    ("scopes", "changes", "code"),
    [
        ("User.Read", {}, "scope_missing"),
        (None, {}, "scope_missing"),
        ("Mail.Read", {}, "read_role_only"),
        ("Mail.ReadWrite", {"mailbox": names.SHARED_MAILBOXES[0]}, "shared_scope_missing"),
    ],
)
def test_missing_scopes(
    gateway: Gateway, user: Make, tenant: DemoTenant, scopes: str | None, changes: dict[str, Any], code: str
) -> None:
    tenant.fault(kind="claims", fields={"scp": scopes})
    result = claims_stage(gateway, user(**changes))
    assert (result.outcome, result.code) == ("warning", code)


def test_an_opaque_token_is_a_warning(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="opaque")
    result = claims_stage(gateway, service())
    assert (result.outcome, result.code) == ("warning", "claims_unreadable")


def test_a_token_without_proof_of_the_secret(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="claims", fields={"appidacr": "0"})
    assert claims_stage(gateway, service()).code == "token_without_proof"


@pytest.mark.parametrize(("offset", "outcome"), [(-7200, "warning"), (-500, "ok"), (0, "ok"), (600, "warning")])
def test_the_clock_is_compared(gateway: Gateway, service: Make, tenant: DemoTenant, offset: int, outcome: str) -> None:
    tenant.fault(kind="claims", fields={"iat": int(time.time()) + offset})
    result = claims_stage(gateway, service())
    assert (result.outcome, result.code) == (outcome, "" if outcome == "ok" else "clock_skew")


@pytest.mark.parametrize("iat", [None, "now", 10**30, True])
def test_a_strange_date_of_issue_stops_nothing(
    gateway: Gateway, service: Make, tenant: DemoTenant, iat: object
) -> None:
    tenant.fault(kind="claims", fields={"iat": iat})
    assert claims_stage(gateway, service()).outcome in {"ok", "warning"}


@pytest.mark.parametrize(
    "token",
    ["", "opaque", "a.b.c", "....", "e30.e30.e30", "x.W10.x", "x.bnVsbA.x", "é.é.é", "x.%%%.x", f"x.{'W' * 9999}.x"]
)  # fmt: skip
def test_what_is_no_token_of_entra_is_not_read(token: str) -> None:
    assert read_claims(Secret(token)) is None


def test_strange_rights_are_left_out(gateway: Gateway, service: Make, tenant: DemoTenant, halden: Tenant) -> None:
    tenant.fault(kind="claims", fields={"roles": ["Mail.ReadWrite", 7, None, {"a": 1}], "scp": 7})
    assert claims_stage(gateway, service()).outcome == "ok"


@pytest.mark.parametrize(("minutes", "found"), [(-6, ["clock_skew"]), (-4, []), (0, []), (4, []), (6, ["clock_skew"])])
def test_the_servers_own_clock_counts(gateway: Gateway, service: Make, minutes: int, found: list[str]) -> None:
    document = gateway.discover("login.microsoftonline.com", names.HALDEN)
    claims = read_claims(gateway.service_token(service(), document).token)
    assert claims is not None
    clock = datetime.now(UTC) + timedelta(minutes=minutes)
    assert list(doubts(claims, service(), clock)) == found
