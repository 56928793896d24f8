"""What a program did by itself is not blamed on the sign-in, and no word of a name is taken for evidence."""

import pytest

from tokenchecks.engine.explain.diagnose import NOTHING, diagnose

WORDS = ["login", "password", "token", "tenant", "certificate", "proxy", "mailbox", "folder", "consent", "dns", "tls"]
WORDS += ["authentication", "permission", "quota", "recipient", "connection", "licence", "forbidden", "mfa", "timeout"]
NAMES = [
    "https://portal.example.com/{}/index.html?{}=1",
    "{}.microsoftonline.com",
    "www.{}-service.example.org",
    "{}@contoso.com",
    "/var/spool/{}/{}.log",
    r"C:\Program Files\{}\bin",
    "~/work/{}",
]
PROGRAMS = ["com.example.{}.Handler", "Kernel::System::{}", "my_{}_helper", "Contoso{}Service", "Contoso.{}.Worker"]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_word_within_an_address_tells_nothing(name: str, word: str) -> None:
    diagnosis = diagnose(f"Something odd went on with {name.replace('{}', word)} today")
    assert diagnosis.findings[0].meaning.key == NOTHING


@pytest.mark.parametrize("word", [word for word in WORDS if word not in {"timeout", "forbidden", "licence"}])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_word_within_a_programs_name_tells_nothing(name: str, word: str) -> None:
    diagnosis = diagnose(f"Something odd went on with {name.replace('{}', word.capitalize())} today")
    assert diagnosis.findings[0].meaning.key == NOTHING


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("OSError: [Errno 28] No space left on device: '/var/lib/login/token'", "disk_full"),
        ("System.IO.IOException: There is not enough space on the disk. : 'C:\\login.log'", "disk_full"),
        ("java.lang.OutOfMemoryError: Java heap space at com.example.oauth.TokenStore", "memory_out"),
        ("EMFILE: too many open files, open '/etc/ssl/certificate.pem'", "memory_out"),
        (
            "SQLSTATE[HY000] [2002] Connection refused (Connection: mysql, SQL: select * from oauth_tokens)",
            "database_failed",
        ),
        ("Login failed for user 'sa'. System.Data.SqlClient.SqlException", "database_failed"),
        ("EACCES: permission denied, open '/etc/app/token.json'", "file_refused"),
        ("Access to the path 'C:\\inetpub\\oauth\\token.dat' is denied.", "file_refused"),
        ("ModuleNotFoundError: No module named 'msal'", "program_incomplete"),
        ("Could not load file or assembly 'Microsoft.Identity.Client, Version=4.1'", "program_incomplete"),
        ('Can\'t call method "login" on an undefined value at IMAP.pm line 3.', "program_failed"),
        (
            "System.NullReferenceException: Object reference not set to an instance of an object at Login.Go()",
            "program_failed",
        ),
        ("TypeError: Cannot read properties of undefined (reading 'mailbox')", "program_failed"),
        ("PHP Parse error: syntax error, unexpected end of file in /srv/login.php", "program_failed"),
        ("KeyError: 'access_token'", "program_failed"),
    ],
)
def test_a_programs_own_failure_is_called_that(text: str, cause: str) -> None:
    diagnosis = diagnose(text)
    assert diagnosis.findings[0].meaning.key == cause
    assert diagnosis.as_json()["certain"] is True


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("TypeError: Cannot read properties of undefined. AADSTS7000222", "secret_expired"),
        ("NullReferenceException after 535 5.7.139 basic authentication is disabled", "basic_auth_off"),
        ("Traceback (most recent call last): ... invalid_client", "client_refused"),
        ("KeyError after HTTP 429 too many requests", "throttled"),
        ("Traceback (most recent call last): ... getaddrinfo failed", "net_dns"),
    ],
)
def test_what_a_server_said_goes_before_it(text: str, cause: str) -> None:
    assert diagnose(text).findings[0].meaning.key == cause


@pytest.mark.parametrize(
    ("text", "certain"),
    [("AADSTS7000222", True), ("535 5.7.139", True), ("something with a secret token", False), ("hello", False)],
)
def test_the_json_tells_a_guess(text: str, certain: object) -> None:
    assert diagnose(text).as_json()["certain"] is certain
