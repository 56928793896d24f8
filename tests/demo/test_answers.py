"""Entra's wording: bodies, headers, and every code of the table."""

import re
from uuid import UUID, uuid4

import pytest

from demo import names
from demo.answers import ANSWERS
from demo.server import DemoTenant
from tests.demo.client import Client

# The codes that a check may meet, by what they mean; each must be switchable.
CODES = """
90002 900023 900021 90038 900382 900432 50059 50128 90019 9001023 90072 50194 50049
700016 700011 70001 7000112 7000229 7000218 700025 50105 501051
7000215 7000222 7000216 70002 700027 700024 700030 50012
65001 65004 65005 650056 650057 650052 90094 90095 90008
500011 50001 70011 1002012 28002 28003 700022 700023
901002 90014 900144 9002313 90023 90100 700054 50173 50133 70008 700082 70043
50034 51004 50014 16003 50020 500208 50053 50057 50125 80012 80013
20001 20012 20033 40008 40009 40010 40011 40012 40013 40014 40015
50126 50056 50064 50055 50144 50135
50076 50079 50072 50074 50078 50158 53000 53001 53002 53003 53004 53011 530003 530004 530031 530032 530035
50131 50097 50155 50187 135010 135011
80001 80002 80005 80007 80014 50196 90055 50166
90033 90006 90012 90024 90090 50033 50087 70012 50000 90036 90092
"""
UNAUTHORIZED = {7000215, 7000222, 7000216, 7000218, 700025, 70002}


@pytest.mark.parametrize("code", [int(code) for code in re.findall(r"\d+", CODES)])
def test_every_code_can_be_switched_on(client: Client, tenant: DemoTenant, form: dict[str, str], code: int) -> None:
    tenant.fault(kind="aadsts", code=code)
    answer = client.token(names.HALDEN, form)
    body = answer.json
    assert answer.status == ANSWERS[code].status
    assert body["error_codes"] == [code]
    assert body["error_description"].startswith(f"AADSTS{code}: ")
    assert not re.search(r"\{(?!EmailHidden)", body["error_description"])
    assert body["error_uri"] == f"https://login.microsoftonline.com/error?code={code}"


def test_the_secrets_codes_are_unauthorized() -> None:
    assert all(ANSWERS[code].status == 401 for code in UNAUTHORIZED)


def test_the_description_carries_the_ids_and_the_time(client: Client, form: dict[str, str]) -> None:
    sent = str(uuid4())
    answer = client.token(names.HALDEN, form | {"client_secret": "wrong"}, client_request_id=sent)
    body = answer.json
    assert body["correlation_id"] == sent == answer.headers["client-request-id"]
    assert body["trace_id"] == answer.headers["x-ms-request-id"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", body["timestamp"])
    tail = f" Trace ID: {body['trace_id']} Correlation ID: {sent} Timestamp: {body['timestamp']}"
    assert body["error_description"].endswith(tail)


def test_a_correlation_id_that_is_none_is_replaced(client: Client, form: dict[str, str]) -> None:
    answer = client.token(names.HALDEN, form | {"client_secret": "wrong"}, client_request_id="<script>")
    assert str(UUID(answer.json["correlation_id"])) == answer.json["trace_id"]
    assert b"<script>" not in answer.body


def test_no_answer_of_the_token_endpoint_may_be_kept(client: Client, form: dict[str, str]) -> None:
    answer = client.token(names.HALDEN, form)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Pragma"] == "no-cache"
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Date"].endswith("GMT")


def test_an_unknown_code_is_answered_all_the_same(client: Client, tenant: DemoTenant, form: dict[str, str]) -> None:
    tenant.fault(kind="aadsts", code=1234567, status=403, message="News.", fields={"error": "interaction_required"})
    answer = client.token(names.HALDEN, form)
    assert (answer.status, answer.json["error"]) == (403, "interaction_required")
    assert answer.json["error_description"].startswith("AADSTS1234567: News. Trace ID:")


def test_an_error_without_any_code_can_be_had(client: Client, tenant: DemoTenant, form: dict[str, str]) -> None:
    fields = {
        "error": "invalid_client",
        "error_codes": None,
        "error_description": "client authentication failed",
    }
    tenant.fault(kind="aadsts", code=7000215, fields=fields)
    body = client.token(names.HALDEN, form).json
    assert "error_codes" not in body
    assert body["error_description"] == "client authentication failed"
