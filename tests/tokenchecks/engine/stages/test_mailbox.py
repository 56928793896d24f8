"""Opening the mailbox: one family of refusals for many faults, told apart by code, words and the token's rights."""

import pytest

from demo import names
from demo.server import DemoTenant
from demo.world import Tenant
from tests.tokenchecks.engine.codes import FURTHER_GRAPH
from tests.tokenchecks.engine.conftest import Make
from tokenchecks.engine.explain.catalogue import catalogue
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages.check import run

HERE, ENTRA, EXCHANGE, WAIT = "console administrator", "Entra administrator", "Exchange administrator", "wait"
BOX = names.SHARED_MAILBOXES[0]

GRAPH = {
    "InvalidAuthenticationToken": (401, "scope", HERE),
    "ErrorAccessDenied": (403, "access_policy", EXCHANGE),
    "AccessDenied": (403, "access_policy", EXCHANGE),
    "Authorization_RequestDenied": (403, "permission", ENTRA),
    "NoPermissionsInAccessToken": (401, "permission", ENTRA),
    "ErrorInvalidUser": (404, "account", HERE),
    "Request_ResourceNotFound": (404, "account", HERE),
    "ResourceNotFound": (404, "account", HERE),
    "ErrorNonExistentMailbox": (404, "account", HERE),
    "MailboxNotEnabledForRESTAPI": (404, "licence", ENTRA),
    "MailboxNotSupportedForRESTAPI": (404, "licence", ENTRA),
    "ErrorItemNotFound": (404, "settings", HERE),
    "ErrorFolderNotFound": (404, "settings", HERE),
    "ErrorMailboxMoveInProgress": (423, "transient", WAIT),
    "MailboxInfoStale": (503, "transient", WAIT),
    "ErrorInternalServerTransientError": (503, "transient", WAIT),
    "ErrorInternalServerError": (500, "transient", WAIT),
    "ErrorServerBusy": (503, "transient", WAIT),
    "ErrorMailboxStoreUnavailable": (503, "transient", WAIT),
    "ServiceUnavailable": (503, "transient", WAIT),
    "serviceNotAvailable": (503, "transient", WAIT),
    "generalException": (500, "transient", WAIT),
    "ApplicationThrottled": (429, "throttle", WAIT),
    "TooManyRequests": (429, "throttle", WAIT),
    "activityLimitReached": (429, "throttle", WAIT),
    "ErrorSendAsDenied": (403, "permission", EXCHANGE),
    "ErrorExceededMessageLimit": (429, "throttle", WAIT),
    "ErrorSubmissionQuotaExceeded": (429, "throttle", WAIT),
    "ErrorQuotaExceeded": (507, "licence", EXCHANGE),
    "ErrorAccountSuspend": (403, "policy", EXCHANGE),
    "ErrorInvalidRecipients": (400, "settings", HERE),
    "InvalidCloudInstance": (401, "tenant", HERE),
}


def mailbox_stage(gateway: Gateway, subject: object) -> StageResult:
    return run(subject, gateway).stages[4]  # type: ignore[arg-type]  # what Make returns


def test_the_table_covers_the_catalogue() -> None:
    assert set(GRAPH) | set(FURTHER_GRAPH) == set(catalogue().tables["graph"])


@pytest.mark.parametrize("code", GRAPH | FURTHER_GRAPH)
def test_every_code_of_graph(gateway: Gateway, service: Make, tenant: DemoTenant, code: str) -> None:
    status, class_, who = (GRAPH | FURTHER_GRAPH)[code]
    tenant.fault(kind="graph", code=code, status=status, message="No.")
    result = mailbox_stage(gateway, service())
    assert (result.outcome, result.code, result.class_, result.who) == ("broken", code, class_, who)
    assert result.provider_words == "No."
    assert result.correlation_id


@pytest.mark.parametrize(
    ("status", "class_"),
    [(400, "tenant"), (401, "scope"), (403, "permission"), (404, "account"), (423, "transient"), (429, "throttle"),
     (500, "transient"), (503, "transient"), (418, "internal"), (599, "transient")],
)  # fmt: skip
def test_an_unknown_code_falls_back_to_the_status(
    gateway: Gateway, service: Make, tenant: DemoTenant, status: int, class_: str
) -> None:
    tenant.fault(kind="graph", code="SomethingNew", status=status)
    result = mailbox_stage(gateway, service())
    assert (result.code, result.class_) == ("SomethingNew", class_)


def test_denied_without_a_role_is_a_missing_permission(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.world.app(names.SERVICE_APP).roles = []
    result = mailbox_stage(gateway, service())
    assert (result.code, result.class_, result.who) == ("ErrorAccessDenied", "permission", ENTRA)


def test_denied_in_the_words_of_a_policy(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    app = tenant.world.app(names.SERVICE_APP)
    app.access_policy = []
    result = mailbox_stage(gateway, service())
    assert (result.cause, result.class_, result.who) == ("access_policy", "access_policy", EXCHANGE)


def test_denied_to_an_account_in_another_mailbox(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    tenant.world.app(names.USER_APP).delegated.append("Mail.ReadWrite.Shared")
    result = mailbox_stage(gateway, user(mailbox=BOX))
    assert (result.cause, result.who) == ("mailbox_access_denied", EXCHANGE)


def test_denied_to_an_account_without_the_scope(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    tenant.world.app(names.USER_APP).delegated = ["User.Read"]
    result = mailbox_stage(gateway, user())
    assert (result.cause, result.class_) == ("scope_missing", "consent")


def test_denied_to_an_account_in_its_own_mailbox(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="graph", code="ErrorAccessDenied", status=403)
    assert mailbox_stage(gateway, user()).cause == "mailbox_refused"


def test_a_mailbox_that_is_not_there_is_blamed_on_the_address(gateway: Gateway, service: Make) -> None:
    result = mailbox_stage(gateway, service(mailbox="nobody@halden-energie.example"))
    assert (result.code, result.field, result.owner) == ("ErrorInvalidUser", "address", "queue_address")


@pytest.mark.parametrize("state", ["unlicensed", "on_premises", "soft_deleted", "unsupported"])
def test_a_mailbox_out_of_reach(gateway: Gateway, service: Make, halden: Tenant, state: str) -> None:
    halden.mailboxes[BOX].state = state
    assert mailbox_stage(gateway, service()).class_ == "licence"


def test_throttled_with_a_pause(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="throttle", match={"endpoint": "graph"}, retry_after=17)
    result = mailbox_stage(gateway, service())
    assert (result.class_, result.retry, result.retry_after) == ("throttle", True, 17)


def test_a_mailbox_name_cannot_change_the_request(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    name = "kärnten&x=1+ü'@halden-energie.example"
    result = mailbox_stage(gateway, service(mailbox=name))
    assert result.code == "ErrorInvalidUser"
    assert tenant.journal.entries[-1]["mailbox"] == name


def test_an_account_will_do_where_no_mailbox_is_named(gateway: Gateway, service: Make) -> None:
    assert run(service(mailbox=None), gateway).status == "ok"


@pytest.mark.parametrize("fields", [{"totalItemCount": None}, {"totalItemCount": "many"}])
def test_an_inbox_that_does_not_count(
    gateway: Gateway, service: Make, tenant: DemoTenant, fields: dict[str, object]
) -> None:
    tenant.fault(kind="document", match={"endpoint": "graph"}, fields=fields)
    result = mailbox_stage(gateway, service())
    assert (result.outcome, result.detail) == ("ok", f"{BOX} opened")
