"""From an answer to its meaning, without a server: fall-backs, evidence, and the words of each page."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenchecks.engine.explain.catalogue import Flag
from tokenchecks.engine.explain.explanation import Evidence, explain_cause, explain_code, find_code
from tokenchecks.engine.subject import Kind

APP = "0a7d72b9-263f-4a41-aee0-d0ea3134f121"


def flags(*names: Flag) -> Evidence:
    return Evidence(flags=frozenset(names))


@pytest.mark.parametrize("code", [7000215, "7000215", "AADSTS7000215", " AADSTS7000215 "])
def test_a_code_is_known_in_every_spelling(code: str | int) -> None:
    assert explain_code(code).key == "secret_wrong"


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (("7000222", "consent_required", "invalid_grant", 400), "secret_expired"),
        (("999999", "consent_required", "invalid_grant", 400), "consent_missing"),
        (("999999", "new_suberror", "invalid_grant", 400), "grant_refused"),
        (("999999", "", "new_error", 403), "app_refused"),
        (("", "", "", 404), "not_found"),
        (("", "", "", 418), "unknown"),
        (("", "", "", 0), "unknown"),
        (("999999", "consent_required", "invalid_grant", 503), "service_trouble"),
        (("999999", "", "invalid_client", 429), "throttled"),
        (("", "", "", 529), "service_trouble"),
    ],
)
def test_fall_backs(answer: tuple[str, str, str, int], key: str) -> None:
    assert explain_code(*answer).key == key


@pytest.mark.parametrize(
    ("error", "class_"),
    [
        ("invalid_client", "secret"),
        ("unauthorized_client", "app"),
        ("invalid_grant", "password"),
        ("interaction_required", "policy"),
        ("login_required", "policy"),
        ("consent_required", "consent"),
        ("invalid_scope", "scope"),
        ("invalid_resource", "scope"),
        ("invalid_target", "scope"),
        ("invalid_tenant", "tenant"),
        ("invalid_instance", "tenant"),
        ("invalid_request", "tenant"),
        ("unsupported_grant_type", "app"),
        ("access_denied", "consent"),
        ("temporarily_unavailable", "transient"),
        ("server_error", "transient"),
        ("slow_down", "throttle"),
    ],
)
def test_every_oauth_error(error: str, class_: str) -> None:
    assert explain_code("", "", error, 400).class_ == class_


@pytest.mark.parametrize(
    ("code", "evidence", "key"),
    [
        ("7000215", flags("secret_is_guid", "secret_end_date_past"), "secret_id_pasted"),
        ("7000215", flags("secret_has_blanks"), "secret_has_blanks"),
        ("7000215", flags("secret_end_date_past"), "secret_expired"),
        ("7000215", flags("service"), "secret_wrong"),
        ("50126", flags("realm_federated"), "federated"),
        ("50126", flags("realm_unknown"), "account_unknown"),
        ("50126", flags("password_has_blanks"), "password_has_blanks"),
        ("50053", flags("distrusted_network"), "account_blocked_address"),
        ("53003", flags("service"), "policy_blocks_app"),
        ("53003", flags("user"), "policy_blocks_account"),
        ("7000218", flags("service"), "secret_missing"),
        ("700016", flags("tenant_is_client"), "tenant_is_client"),
        ("ErrorAccessDenied", flags("service"), "permission_denied"),
        ("ErrorAccessDenied", flags("service", "has_role"), "access_policy"),
        ("ErrorAccessDenied", flags("service", "policy_wording"), "access_policy"),
        ("ErrorAccessDenied", flags("user", "no_scope", "other_mailbox"), "scope_missing"),
        ("ErrorAccessDenied", flags("user", "other_mailbox"), "mailbox_access_denied"),
        ("ErrorAccessDenied", flags("user"), "mailbox_refused"),
    ],
)
def test_evidence_decides(code: str, evidence: Evidence, key: str) -> None:
    assert explain_code(code, evidence=evidence).key == key


@pytest.mark.parametrize(
    ("kind", "field", "owner", "label"),
    [
        ("incoming", "secret", "incoming_server", "Secret"),
        ("address", "secret", "incoming_server", "Secret of the e-mail server"),
        ("outgoing", "password", "outgoing_server", "Password"),
    ],
)
def test_the_field_is_that_of_the_page(kind: Kind, field: str, owner: str, label: str) -> None:
    meaning = explain_code("7000215", evidence=Evidence(kind))
    assert (meaning.field, meaning.owner, meaning.label) == (field, owner, label)
    assert f"enter it in {label}." in meaning.remedy


def test_where_names_the_field_or_the_page_and_then_the_field() -> None:
    assert explain_cause("secret_wrong", "incoming").where == "Secret"
    assert explain_cause("secret_expired", "incoming").where == (
        "Entra ID > App registrations > your app > Certificates & secrets; then Secret here"
    )
    assert explain_cause("public_client_off", "incoming").where == (
        "Entra ID > App registrations > your app > Authentication"
    )


@pytest.mark.parametrize(
    ("client_id", "end"), [(APP, f"/appId/{APP}"), (APP.upper(), f"/appId/{APP}"), ("x", "Blade"), ("", "Blade")]
)
def test_the_link_leads_to_the_app_if_it_is_known(client_id: str, end: str) -> None:
    portal = explain_cause("secret_expired", "incoming", client_id).portal
    assert portal is not None
    assert portal.link.endswith(end)


def test_an_unknown_cause_is_worded_too() -> None:
    assert explain_cause("no such cause", "incoming").key == "unknown"


@pytest.mark.parametrize("code", ["", "AADSTS", "nonsense", "0"])
def test_unknown_codes_are_not_found(code: str) -> None:
    assert find_code(code) is None


@given(
    code=st.text(max_size=20) | st.integers(),
    suberror=st.text(max_size=20),
    error=st.text(max_size=20),
    status=st.integers(-1, 1000),
    kind=st.sampled_from(get_args(Kind)),
    held=st.frozensets(st.sampled_from(get_args(Flag))),
)
def test_there_is_always_an_explanation(
    code: str | int, suberror: str, error: str, status: int, kind: Kind, held: frozenset[Flag]
) -> None:
    meaning = explain_code(code, suberror, error, status, Evidence(kind, held))
    assert meaning.title
    assert meaning.remedy
