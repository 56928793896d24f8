"""The explainer knows every code and cause, and what would tell causes apart."""

import json
from typing import Any, get_args

import pytest

from tokenchecks.engine.explain.catalogue import Class, catalogue
from tokenchecks.engine.explain.diagnose import MOST, causes_of, diagnose
from tokenchecks.engine.explain.ends import likeliest
from tokenchecks.engine.explain.wordings import telling, wordings


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("AADSTS50126: Invalid username or password. AADSTS70002: Error validating credentials.", "password_wrong"),
        ("AADSTS700016 not found ... later: AADSTS7000222 keys are expired", "secret_expired"),
        ("AADSTS7000222 keys are expired ... later: AADSTS700016 not found", "app_unknown"),
        ("HTTP 401 invalid_client AADSTS7000222", "secret_expired"),
        ("AADSTS50126 account_type: Federated", "federated"),
        ("AADSTS50053: it came from an IP address with malicious activity.", "account_blocked_address"),
        ("client_secret=1f6c0b5e-3c0a-4d5b-9b83-0d2b6f1e8a11 AADSTS7000215", "secret_id_pasted"),
        ("grant_type=client_credentials AADSTS53003", "policy_blocks_app"),
        ("AADSTS7000218 grant_type=client_credentials", "secret_missing"),
        ("AADSTS70002: Error. AADSTS50012: Invalid client secret is provided.", "secret_wrong"),
        ('"error":"invalid_grant","suberror":"consent_required"', "consent_missing"),
        ('"roles": ["Mail.ReadWrite"] ErrorAccessDenied', "access_policy"),
        ("ErrorAccessDenied", "permission_denied"),
        ("535 5.7.3 Authentication unsuccessful", "mail_login_refused"),
        ("AUTH XOAUTH2 dXNlcj1 ... 535 5.7.3 Authentication unsuccessful", "mail_role_missing"),
        ("AADSTS99999999 and HTTP 503", "service_trouble"),
        ("AADSTS99999999", "unknown"),
        ("AADSTS5012699: something new", "password_wrong"),
    ],
)  # fmt: skip
def test_the_text_itself_decides(text: str, cause: str) -> None:
    assert diagnose(text).findings[0].meaning.key == cause


def test_an_unknown_code_is_named() -> None:
    assert diagnose("AADSTS99999999: something new").codes == ("AADSTS99999999",)


def test_the_codes_are_printed_as_their_provider_prints_them() -> None:
    assert diagnose('"code": "errorAccessDenied"').codes == ("ErrorAccessDenied",)
    assert diagnose("550-5.7.60 SMTP; Client does not have permissions to send as this sender").codes == ("550 5.7.60",)


@pytest.mark.parametrize("code", sorted(catalogue().tables["aadsts"]))
def test_every_code_of_entra_is_found_in_a_text(code: str) -> None:
    diagnosis = diagnose(
        f"MsalServiceException: AADSTS{code}: it failed. Trace ID: 5d2fbd14 Timestamp: 2026-11-24 07:00:00Z"
    )
    assert diagnosis.codes == (f"AADSTS{code}",)
    entry = catalogue().tables["aadsts"][code]
    causes = [finding.meaning.key for finding in diagnosis.findings]
    assert causes[0] == likeliest(entry)
    assert entry.cause in causes


@pytest.mark.parametrize("code", catalogue().tables["graph"])
def test_every_code_of_graph_is_found_in_a_text(code: str) -> None:
    assert diagnose(json.dumps({"error": {"code": code, "message": "No."}})).codes[0] == code


@pytest.mark.parametrize("table", ["aadsts", "graph"])
def test_each_code_has_another_cause_to_offer(table: Any) -> None:
    alone = [code for code, entry in catalogue().tables[table].items() if len(causes_of(entry)) < MOST - 1]
    assert not alone


@pytest.mark.parametrize("key", sorted(catalogue().causes))
def test_each_cause_can_be_told_apart(key: str) -> None:
    evidence = telling(catalogue().causes[key])
    assert 15 <= len(evidence) <= 120
    assert not evidence.endswith(".")


def test_the_evidence_of_each_class_is_there() -> None:
    assert set(wordings().evidence_of_class) == set(get_args(Class))


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("9002325", "Proof Key for Code Exchange is required for cross-origin authorization code redemption."),
        ("700025", "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."),
        ("500113", "No reply address is registered for the application."),
        ("50194", "Application 'x'(Mail) is not configured as a multi-tenant application."),
        ("54005", "OAuth2 Authorization code was already redeemed, please retry with a new valid code."),
        ("700213", "No matching federated identity record found for presented assertion subject 'x'."),
        ("900023", "Specified tenant identifier 'x' is neither a valid DNS name, nor a valid external domain."),
        ("9010010", "The resource parameter provided in the request doesn't match with the requested scopes."),
        ("50173", "The provided grant has expired due to it being revoked, a fresh auth token is needed."),
    ],
)
def test_a_sentence_of_entras_says_what_its_code_says(code: str, sentence: str) -> None:
    alone, coded = diagnose(sentence), diagnose(f"AADSTS{code}: {sentence}")
    assert alone.codes == coded.codes == (f"AADSTS{code}",)
    assert alone.findings == coded.findings
    assert not alone.guessed


def test_a_number_counts_for_more_than_a_sentence() -> None:
    assert diagnose("AADSTS7000222: expired. No reply address is registered").codes == ("AADSTS7000222",)


def test_each_sentence_is_in_lower_case_and_of_a_known_code() -> None:
    for code, sentence in wordings().sentences.items():
        assert code in catalogue().tables["aadsts"]
        assert (said := sentence.pattern.pattern) == said.lower()


def test_a_failed_second_factor_is_not_a_wrong_secret() -> None:
    assert diagnose("AADSTS500121: Authentication failed during strong authentication request.").findings[
        0
    ].meaning.key in {"mfa_required", "policy_blocks_account"}


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("The request failed. The remote server returned an error: (404) Not Found.", "net_address"),
        ("HTTP 404 for https://mail.contoso.example/EWS/Exchange.asmx", "net_address"),
        ("ThrottledFolderBind: The request failed. The remote server returned an error: (403) Forbidden.", "ews_off"),
        ("HTTP 404 for https://graph.microsoft.com/v1.0/users/x/messages", "mailbox_not_found"),
    ],
)
def test_what_ews_refuses_is_told_from_what_graph_does(text: str, cause: str) -> None:
    assert diagnose(text).findings[0].meaning.key == cause
