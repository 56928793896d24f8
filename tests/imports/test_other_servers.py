"""Servers without OAuth are named as what this console does not carry."""

import pytest

from imports.kinds.other_servers import ENTER_OAUTH, is_other_address, is_other_type
from tests.imports.files import errors_of, looked_at, tab

LABELS = ("Name", "Address", "Authentication Type", "Client ID")
OTHERS = (
    *("IMAP", "POP3", "SMTP", "IMAP4 (SSL)", "Basic", "basic authentication", "Normal password", "Plain-Login", "None"),
    *("User/Password", "User and Password", "Username & password", "userPassword", "NTLM", "Exchange EWS"),
)


@pytest.mark.parametrize("word", OTHERS)
def test_types_of_other_servers_are_known(word: str) -> None:
    assert is_other_type(word)


@pytest.mark.parametrize("word", ["", "OAuth User", "oauth_service", "OAuth2 Password", "XOAUTH2", "User"])
def test_what_may_be_meant_as_oauth_is_left_to_the_form(word: str) -> None:
    assert not is_other_type(word)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("imap.contoso.example", True),
        ("imaps://outlook.example", True),
        ("smtp-mail.contoso.example:587", True),
        ("outlook.office365.com:993", True),
        ("https://login.microsoftonline.com/3f2a0c1e-5b7d-4c69-9a55-0d2b6f1e8a11", False),
        ("login.microsoftonline.com", False),
        ("", False),
    ],
)
def test_addresses_of_other_servers_are_known(text: str, *, other: bool) -> None:
    assert is_other_address(text) is other


@pytest.mark.django_db
def test_a_row_is_refused_by_that_alone() -> None:
    found = looked_at(
        "incoming_server", tab(LABELS, ("Old", "imap.contoso.example", "Basic", ""), ("", "", "SMTP", ""))
    )

    assert errors_of(found) == [[["Authentication Type", ENTER_OAUTH]]] * 2
