"""One code, several faults: a live check finds out which, and says by what."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from configurator.vault.text import Secret
from demo import names
from demo.server import DemoTenant
from demo.world import Tenant
from tests.tokenchecks.engine.conftest import Make
from tokenchecks.engine.explain.catalogue import Flag, catalogue
from tokenchecks.engine.explain.facts import FACTS
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.stages.check import run

GUID = "11111111-2222-3333-4444-555555555555"
ENTRA_MADE = "abc8Q~0123456789012345678901234567890123"
ANNA = "anna.lindqvist@halden-energie.example"
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


def test_every_flag_is_worded() -> None:
    assert set(FACTS) == set(get_args(Flag))


@pytest.mark.parametrize(
    ("changes", "cause", "fact"),
    [
        ({"secret": Secret(GUID)}, "secret_id_pasted", "has the form of a GUID"),
        ({"secret": Secret(f"{ENTRA_MADE} ")}, "secret_has_blanks", "begins or ends with a blank"),
        ({"secret": Secret(ENTRA_MADE[:30])}, "secret_cut", "shorter than they are"),
        ({"secret_expires_on": YESTERDAY}, "secret_expired", "The end date entered here is past."),
        ({"changed": ("client_id",)}, "secret_of_other_app", "It worked until Client ID of the e-mail server changed."),
        ({"changed": ("client_id", "secret")}, "secret_wrong", "It worked until Client ID of the e-mail server and"),
        ({"changed": ("secret",)}, "secret_wrong", "It worked until Secret of the e-mail server changed."),
        ({"changed": ()}, "secret_withdrawn", "nothing was changed here since"),
        ({}, "secret_wrong", ""),
    ],
)
def test_a_wrong_secret(
    gateway: Gateway, service: Make, tenant: DemoTenant, changes: dict[str, Any], cause: str, fact: str
) -> None:
    token = run(service(**{"secret": Secret(ENTRA_MADE)} | changes), gateway).stages[2]
    assert (token.code, token.cause) == ("AADSTS7000215", cause)
    assert any(fact in said for said in token.evidence) if fact else token.evidence == ()


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"changed": ()}, "app_removed"),
        ({"changed": ("tenant",)}, "tenant_wrong"),
        ({"changed": ("client_id",)}, "app_unknown"),
        ({}, "app_unknown"),
    ],
)
def test_an_app_that_is_not_there(gateway: Gateway, service: Make, changes: dict[str, Any], cause: str) -> None:
    token = run(service(client_id=names.FIRST_APP, **changes), gateway).stages[2]
    assert (token.code, token.cause) == ("AADSTS700016", cause)


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"password": Secret("abcdefghijklmnop")}, "app_password"),
        ({"password": Secret("abcd efgh ijkl mnop")}, "app_password"),
        ({"password": Secret("Abcdefghijklmnop")}, "password_wrong"),
        ({"password": Secret("wrong ")}, "password_has_blanks"),
        ({"password": Secret("wrong"), "changed": ()}, "password_replaced"),
        ({"password": Secret("wrong"), "changed": ("password",)}, "password_wrong"),
    ],
)
def test_a_wrong_password(gateway: Gateway, user: Make, changes: dict[str, Any], cause: str) -> None:
    token = run(user(**changes), gateway).stages[2]
    assert (token.code, token.cause, token.password_right) == ("AADSTS50126", cause, False)


def test_a_federated_account(gateway: Gateway, user: Make, tenant: DemoTenant, halden: Tenant) -> None:
    halden.federated_domains.append("halden-energie.example")
    token = run(user(), gateway).stages[2]
    assert (token.cause, token.class_) == ("federated", "federation")
    assert token.evidence == ("Entra says that the account's domain is federated.",)
    assert "token" not in tenant.journal.counts


def test_a_realm_that_nobody_knows(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="document", match={"endpoint": "realm"}, fields={"account_type": "Unknown"})
    token = run(user(password=Secret("wrong")), gateway).stages[2]
    assert (token.code, token.cause) == ("AADSTS50126", "account_unknown")
    assert "Entra says that it does not know the account's domain." in token.evidence


def test_an_app_that_wants_a_secret_of_an_account(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    tenant.world.app(names.USER_APP).public_client_flows = False
    assert run(user(), gateway).stages[2].cause == "public_client_off"


def test_a_secret_that_did_not_arrive(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="aadsts", code=7000218)
    token = run(service(), gateway).stages[2]
    assert (token.cause, token.evidence) == ("client_refused", ("A secret is stored, and it was sent.",))


class TestSixFaultsOfOneFamily:
    """401, 403, 404 of Graph: rights of another API, delegated ones, a policy, no licence, no folder, an outage."""

    @pytest.mark.parametrize("roles", [[], ["IMAP.AccessAsApp"], ["full_access_as_app"], ["User.Read.All"]])
    def test_rights_of_another_api(self, gateway: Gateway, service: Make, tenant: DemoTenant, roles: list[str]) -> None:
        tenant.world.app(names.SERVICE_APP).roles = roles
        result = run(service(), gateway).stages[4]
        assert (result.code, result.cause) == ("ErrorAccessDenied", "permission_denied")
        assert any(said.startswith("The token holds: ") for said in result.evidence)

    @pytest.mark.parametrize("code", ["ErrorAccessDenied", "AccessDenied"])
    def test_delegated_rights(self, gateway: Gateway, service: Make, tenant: DemoTenant, code: str) -> None:
        tenant.fault(kind="claims", fields={"roles": None, "scp": "Mail.ReadWrite"})
        tenant.fault(kind="graph", code=code, status=403)
        result = run(service(), gateway).stages[4]
        assert (result.cause, result.who) == ("permission_delegated", "Entra administrator")

    @pytest.mark.parametrize(("status", "cause"), [(401, "permission_denied"), (403, "permission_denied")])
    def test_no_rights_and_a_code_that_is_new(
        self, gateway: Gateway, service: Make, tenant: DemoTenant, status: int, cause: str
    ) -> None:
        tenant.world.app(names.SERVICE_APP).roles = []
        tenant.fault(kind="graph", code="UnknownError", status=status)
        assert run(service(), gateway).stages[4].cause == cause

    def test_a_policy(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        tenant.world.app(names.SERVICE_APP).access_policy = []
        result = run(service(), gateway).stages[4]
        assert (result.cause, result.evidence[0]) == ("access_policy", FACTS["policy_wording"])

    @pytest.mark.parametrize(
        ("state", "class_"), [("unlicensed", "licence"), ("no_inbox", "settings"), ("transient", "transient")]
    )
    def test_no_licence_no_folder_and_an_outage(
        self, gateway: Gateway, service: Make, halden: Tenant, state: str, class_: str
    ) -> None:
        halden.mailboxes[names.SHARED_MAILBOXES[0]].state = state
        assert run(service(), gateway).stages[4].class_ == class_


def test_what_was_asked_is_told(gateway: Gateway, user: Make, service: Make) -> None:
    stages = run(user(), gateway).stages
    assert stages[0].asked == stages[3].asked == ()
    assert [len(stage.asked) for stage in stages[1:3]] == [2, 2]
    assert stages[2].asked[1] == (
        f"login.microsoftonline.com for a token as {ANNA} through the app {names.USER_APP} (password)"
    )
    assert [stage.status for stage in stages[:5]] == [0, 200, 200, 0, 200]
    token = run(service(), gateway).stages[2]
    assert token.asked == (
        f"login.microsoftonline.com for a token as the app {names.SERVICE_APP} (client credentials)",
    )


def test_a_secret_typed_in_another_field_is_not_told(gateway: Gateway, service: Make) -> None:
    stages = run(service(client_id=ENTRA_MADE, secret=Secret(ENTRA_MADE)), gateway).stages
    assert ENTRA_MADE not in f"{stages}"


@pytest.mark.parametrize("key", sorted(catalogue().causes))
def test_a_right_password_is_said_to_be_right(key: str) -> None:
    """But 50057 and other refusals that say nothing of it do not."""
    cause = catalogue().causes[key]
    assert not (cause.class_ in {"password", "account"} and cause.password_right and key != "password_expired")
    if cause.class_ == "policy":
        assert cause.password_right == (("are right, but" in cause.cause) or ("is right, but" in cause.cause)) or (
            key == "policy_blocks_app"
        )
