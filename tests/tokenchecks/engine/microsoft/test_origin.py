"""An answer that is not Microsoft's is a matter of the network, at whatever status; true ones keep their meaning."""

import json
from itertools import product
from typing import Any

import pytest

from demo import names
from demo.server import DemoTenant
from tests.tokenchecks.engine.conftest import Make
from tests.tokenchecks.engine.test_canary import leaked, spelled
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages.check import run, send_test_mail

STAGE = {"discovery": 1, "realm": 2, "token": 2, "graph": 4}
BOX = names.SHARED_MAILBOXES[0]
BLOCKED = "<html><head><title>Web Page Blocked!</title></head><body>The category of this page is blocked.</body></html>"
SIGN_IN = '<form method="post"><h1>Guest network</h1><input name="p" type="password"></form>'
STATUSES = (
    200, 204, 205, 206, 300, 302, 304, 308, 400, 401, 402, 403, 404, 405, 407, 408, 410, 418, 421, 425, 426, 429, 451,
    499, 500, 502, 503, 504, 511, 520, 525, 529, 999,
)  # fmt: skip
BODIES = (
    "", "{}", "[]", "null", "true", "0", "not json", '{"error":', '\ufeff{"error": "invalid_grant"}',
    '{"status": "ok"}', '{"error": {}}', '{"error": "blocked"}', '{"error": {"code": 403, "message": "Blocked"}}',
    '{"error": {"code": "Denied", "message": "Not allowed here"}}', '{"error": true}', '{"message": "Forbidden"}',
    '{"error_codes": "none", "error_description": "blocked"}', '[{"error": "invalid_client"}]',
    '{"value": []}', '{"id": "x", "totalItemCount": 3, "unreadItemCount": 1}',
    '{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users/$entity", "id": "x"}',
    '{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users(\'x\')/mailFolders/$entity"}',
    BLOCKED, SIGN_IN,
)  # fmt: skip


def stage_at(place: str, gateway: Gateway, user: Make) -> StageResult:
    return run(user(), gateway).stages[STAGE[place]]


def answer(tenant: DemoTenant, place: str, status: int, body: str, **headers: str) -> None:
    """Let something on the way answer; without a body, where the fault has a page of its own, with a blank."""
    tenant.fault(kind="garbage", match={"endpoint": place}, status=status, message=body or " ", headers=headers)


@pytest.mark.parametrize("place", STAGE)
@pytest.mark.parametrize(
    ("statuses", "bodies"), [(STATUSES, ("", "{}", BLOCKED)), ((200, 403, 503), BODIES)], ids=["statuses", "bodies"]
)
def test_it_is_never_taken_for_microsofts(
    gateway: Gateway, user: Make, tenant: DemoTenant, place: str, statuses: tuple[int, ...], bodies: tuple[str, ...]
) -> None:
    for status, body in product(statuses, bodies):
        tenant.clear()
        answer(tenant, place, status, body)
        result = stage_at(place, gateway, user)
        told = (result.outcome, result.class_, result.who)
        assert (told, status, body) == (("broken", "network", "console administrator"), status, body)


@pytest.mark.parametrize("place", ["discovery", "token", "graph"])
@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/octet-stream", ""])
def test_a_good_body_of_another_type_is_not_taken(
    gateway: Gateway, user: Make, tenant: DemoTenant, place: str, content_type: str
) -> None:
    good = {
        "discovery": {"token_endpoint": f"https://login.microsoftonline.com/{names.HALDEN}/oauth2/v2.0/token"},
        "token": {"access_token": "opaque", "token_type": "Bearer", "expires_in": 3599},
        "graph": {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#me/mailFolders/$entity", "id": "x"},
    }
    answer(tenant, place, 200, json.dumps(good[place]))
    assert stage_at(place, gateway, user).outcome == "ok"
    answer(tenant, place, 200, json.dumps(good[place]), **{"Content-Type": content_type})
    assert stage_at(place, gateway, user).cause == "net_garbage"


@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [(407, BLOCKED, "proxy_sign_in"), (407, "", "proxy_sign_in"), (511, BLOCKED, "net_portal"),
     (200, SIGN_IN, "net_portal"), (403, SIGN_IN, "net_portal"), (403, BLOCKED, "net_garbage"),
     (302, BLOCKED, "net_redirect"), (304, "", "net_garbage")],
)  # fmt: skip
def test_the_cause_says_what_the_network_wants(
    gateway: Gateway, service: Make, tenant: DemoTenant, status: int, body: str, cause: str
) -> None:
    answer(tenant, "token", status, body)
    assert run(service(), gateway).stages[2].cause == cause


def test_a_proxys_refusal_in_entras_words_is_the_proxys(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    answer(tenant, "token", 407, '{"error": "invalid_client"}')
    assert run(service(), gateway).stages[2].cause == "proxy_sign_in"


class TestTrueAnswers:
    """What Microsoft's services and the gateways in front of them answer."""

    @pytest.mark.parametrize(
        ("place", "status", "body", "code"),
        [
            ("token", 401, '{"error": "invalid_client"}', "invalid_client"),
            ("token", 400, '{"error": "x", "error_description": "AADSTS50126: No."}', "AADSTS50126"),
            ("token", 400, '{"error": "x", "error_codes": [50126]}', "AADSTS50126"),
            ("discovery", 400, '{"error": "invalid_tenant", "error_codes": [90002]}', "AADSTS90002"),
            ("graph", 403, '{"error": {"code": "ErrorAccessDenied", "message": "No."}}', "ErrorAccessDenied"),
            ("graph", 401, '{"error": {"code": "New", "message": "", "innerError": {"date": "x"}}}', "New"),
            ("graph", 504, '{"error": {"code": "UnknownError", "message": ""}}', "UnknownError"),
        ],
    )
    def test_by_their_body(
        self, gateway: Gateway, user: Make, tenant: DemoTenant, place: str, status: int, body: str, code: str
    ) -> None:
        answer(tenant, place, status, body)
        result = stage_at(place, gateway, user)
        assert (result.code, result.class_ == "network") == (code, False)

    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    @pytest.mark.parametrize("body", ["", "<html><title>Service Unavailable</title></html>"])
    @pytest.mark.parametrize(
        "headers",
        [{"request-id": "a"}, {"x-ms-ags-diagnostic": "{}"}, {"x-ms-request-id": "a"}, {"x-ms-ests-server": "2.1"},
         {"X-Azure-Ref": "a"}, {"X-FEServer": "a"}, {"Server": "Microsoft-HTTPAPI/2.0"},
         {"Server": "Microsoft-Azure-Application-Gateway/v2"}, {"request-id": "a", "Via": "1.1 gateway"}],
    )  # fmt: skip
    def test_in_trouble_by_their_headers(
        self, gateway: Gateway, service: Make, tenant: DemoTenant, status: int, body: str, headers: dict[str, str]
    ) -> None:
        answer(tenant, "graph", status, body, **headers)
        result = run(service(), gateway).stages[4]
        assert (result.code, result.who) == (f"HTTP {status}", "wait")

    @pytest.mark.parametrize("place", ["discovery", "token", "graph"])
    @pytest.mark.parametrize(
        "body",
        ["<h2>Our services aren't available right now</h2><p>We're working to restore all services.</p>",
         "<TITLE>Service Unavailable</TITLE><hr><p>HTTP Error 503. The service is unavailable.</p>",
         "<h1>502 Bad Gateway</h1><hr><center>Microsoft-Azure-Application-Gateway/v2</center>"],
    )  # fmt: skip
    def test_in_trouble_by_the_pages_of_their_gateways(
        self, gateway: Gateway, user: Make, tenant: DemoTenant, place: str, body: str
    ) -> None:
        answer(tenant, place, 503, body)
        assert stage_at(place, gateway, user).who == "wait"
        answer(tenant, place, 403, body)
        assert stage_at(place, gateway, user).class_ == "network"
        answer(tenant, place, 503, body, **{"X-Squid-Error": "ERR_CONNECT_FAIL 111"})
        assert stage_at(place, gateway, user).class_ == "network"

    def test_a_bare_demand_to_wait(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        answer(tenant, "token", 429, "", **{"Retry-After": "17"})
        result = run(service(), gateway).stages[2]
        assert (result.class_, result.retry_after) == ("throttle", 17)

    @pytest.mark.parametrize("headers", [{"Via": "1.1 x"}, {"X-Squid-Error": "ERR_X 0"}, {"Proxy-Agent": "x"}])
    def test_not_where_a_proxy_gives_its_name(
        self, gateway: Gateway, service: Make, tenant: DemoTenant, headers: dict[str, str]
    ) -> None:
        answer(tenant, "token", 503, "", **headers, **{"Server": "Microsoft-IIS/10.0", "Retry-After": "17"})
        assert run(service(), gateway).stages[2].cause == "net_garbage"

    def test_a_refusal_without_a_body(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        answer(tenant, "graph", 401, "", **{"request-id": "a"})
        assert run(service(), gateway).stages[4].code == "HTTP 401"


class TestWhoAnswered:
    """The page and its headers are named, cut, and cleaned of secrets."""

    def detail(self, gateway: Gateway, subject: Any, tenant: DemoTenant, status: int, body: str, **headers: str) -> str:
        answer(tenant, "token", status, body, **headers)
        return run(subject, gateway).stages[2].detail

    def test_a_page_by_its_title(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        headers = {"Server": "squid/6.14", "X-Squid-Error": "ERR_ACCESS_DENIED 0", "Via": "1.1 gw.halden.example"}
        assert self.detail(gateway, service(), tenant, 403, BLOCKED, **headers) == (
            "login.microsoftonline.com: a web filter or proxy answered in Microsoft's place (HTTP 403). "
            "“Web Page Blocked!”; server: squid/6.14; via: 1.1 gw.halden.example; x-squid-error: ERR_ACCESS_DENIED 0"
        )

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ("<h1>No <b>way</b> &amp; no\nwhere</h1>", "“No way & no where”"),
            ("<title> </title><h2>Denied</h2>", "“Denied”"),
            ("Access denied by rule 7", "“Access denied by rule 7”"),
            ("x" * 200, f"“{'x' * 99}…”"),
            (f"<title>{'x' * 200}</title>", f"“{'x' * 99}…”"),
            ("<title>\u202eevil\x00\x1b[31m</title>", "evil"),
        ],
    )
    def test_in_its_words(self, gateway: Gateway, service: Make, tenant: DemoTenant, body: str, said: str) -> None:
        detail = self.detail(gateway, service(), tenant, 403, body)
        assert said in detail
        assert detail.isprintable()

    @pytest.mark.parametrize("body", ["{}", "[]", '{"access_token": "x"', "<p>", "<" * 9000, "<title>" * 9000])
    def test_what_gives_no_name(self, gateway: Gateway, service: Make, tenant: DemoTenant, body: str) -> None:
        assert "“" not in self.detail(gateway, service(), tenant, 403, body)

    def test_a_redirect_by_the_host_alone(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        tenant.fault(kind="redirect", match={"endpoint": "token"}, location="http://portal.example/in?from=secret")
        detail = run(service(), gateway).stages[2].detail
        assert detail == "login.microsoftonline.com: it redirects elsewhere (HTTP 302). leads to portal.example"

    @pytest.mark.parametrize("place", ["token", "graph"])
    def test_secrets_are_taken_out(self, gateway: Gateway, user: Make, tenant: DemoTenant, place: str) -> None:
        subject = user()
        password = subject.secrets[0].reveal()
        answer(tenant, place, 403, f"<title>{password}</title>", Server=password)
        outcome = run(subject, gateway)
        assert leaked(spelled([vars_of(stage) for stage in outcome.stages], ""), password) == []


def vars_of(stage: StageResult) -> dict[str, Any]:
    return {name: getattr(stage, name) for name in StageResult.__slots__}


@pytest.mark.parametrize("status", [200, 202, 204, 403])
@pytest.mark.parametrize("body", ["", "{}", BLOCKED])
def test_a_test_mail_is_taken_by_graph_alone(
    gateway: Gateway, service: Make, tenant: DemoTenant, status: int, body: str
) -> None:
    answer(tenant, "graph", status, body)
    sent = send_test_mail(service(), gateway, BOX, "someone@contoso.example").stages[5]
    assert (sent.outcome, sent.class_) == ("broken", "network")


@pytest.mark.parametrize("status", [200, 403, 404])
def test_the_end_date_is_not_blamed_on_permissions(
    gateway: Gateway, service: Make, tenant: DemoTenant, status: int
) -> None:
    tenant.world.app(names.SERVICE_APP).roles.append("Application.Read.All")
    answer(tenant, "graph", status, BLOCKED)
    detail = run(service(kind="incoming", mailbox=None, account=None), gateway).stages[6].detail
    assert "The answer is not what Microsoft sends" in detail
    assert "Application.Read.All" not in detail
