"""``manage.py check_tokens``: what it prints, and its exit code."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.models import IncomingServer
from tests.people import address, incoming
from tokenchecks.management.trial_file import TrialError, read_trial
from tokenchecks.models import CheckResult

STAGES = ["settings", "tenant", "token", "claims", "mailbox", "send", "expiry"]


@pytest.fixture
def steps(tenant: DemoTenant) -> dict[str, str]:
    """Return the values of a set-up that works."""
    return first_steps(tenant.world)


@pytest.fixture
def server(db: None, steps: dict[str, str]) -> IncomingServer:
    """Return a stored server that works, with an address on it."""
    server = incoming(name="Fjordlys", tenant_id=steps["tenant"], client_id=steps["client_id"], secret=steps["secret"])
    address(address=steps["mailbox"], account=steps["account"], server=server)
    return server


def run(*options: str) -> tuple[int, str]:
    """Run the command and return its exit code and what it printed."""
    printed = io.StringIO()
    try:
        call_command("check_tokens", *options, stdout=printed)
    except SystemExit as end:
        return int(str(end.code)), printed.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, printed.getvalue()


def lines(printed: str) -> list[dict[str, Any]]:
    """Return what ``--json`` printed."""
    return [json.loads(line) for line in printed.splitlines()]


def test_a_check_that_has_to_wait_says_until_when_and_is_left_to_a_worker(
    server: IncomingServer, tenant: DemoTenant
) -> None:
    """Each subject has its line; nobody is asked, and nothing is stored."""
    tenant.fault(kind="throttle", match={"endpoint": "token"}, retry_after=600, times=1)
    run("--server", "Fjordlys")
    tenant.journal.clear()
    stored = CheckResult.objects.count()
    code, printed = run("--server", "Fjordlys", "--json")

    assert code == 1
    tokens = [line["stages"][2] for line in lines(printed)]
    assert [(token["class"], token["who"]) for token in tokens] == [("throttle", "wait")] * 2
    assert "waits until" in run("--server", "Fjordlys")[1]
    assert (tenant.journal.counts, CheckResult.objects.count()) == ({}, stored)


@pytest.mark.parametrize("options", [["--all"], ["--server", "Fjordlys"]])
def test_a_server_brings_its_addresses_and_all_is_well(
    server: IncomingServer, steps: dict[str, str], options: list[str]
) -> None:
    """One JSON line a subject, with each stage; exit 0; the results are stored as a worker's would be."""
    code, printed = run(*options, "--json")

    assert code == 0
    assert [(line["subject"], line["status"]) for line in lines(printed)] == [
        ("Fjordlys", "ok"),
        (steps["mailbox"], "ok"),
    ]
    for line in lines(printed):
        assert [stage["stage"] for stage in line["stages"]] == STAGES
        assert all(
            set(stage) == {"stage", "outcome", "code", "class", "who", "where", "ms"} for stage in line["stages"]
        )
    assert CheckResult.objects.filter(status="ok").count() == 2


def test_one_address_alone(server: IncomingServer, steps: dict[str, str]) -> None:
    """An address is found in any case."""
    code, printed = run("--address", steps["mailbox"].upper(), "--json")

    assert code == 0
    assert [line["subject"] for line in lines(printed)] == [steps["mailbox"]]


def test_a_broken_one_gives_1_and_says_what_to_do(server: IncomingServer, tenant: DemoTenant) -> None:
    """The text names the code, who mends it and where."""
    tenant.fault(kind="aadsts", code=7000222, match={"endpoint": "token"})
    code, printed = run("--server", "Fjordlys")

    assert code == 1
    for word in ("✕ Broken", "AADSTS7000222", "Entra administrator", "Certificates & secrets", "Correlation"):
        assert word in printed


@pytest.mark.parametrize("options", [["--server", "none of that name"], ["--address", "none@contoso.example"]])
def test_what_does_not_exist_is_a_usage_error(db: None, options: list[str]) -> None:
    """Exit 2, and what is missing is named."""
    code, printed = run(*options)

    assert code == 2
    assert options[1] in printed


def trial(tmp_path: Path, **values: Any) -> str:
    """Write a trial file and return its path."""
    path = tmp_path / "trial.json"
    path.write_text(json.dumps(values))
    return str(path)


def test_values_that_are_saved_nowhere(db: None, tmp_path: Path, steps: dict[str, str]) -> None:
    """``--try`` checks them through the mailbox, and stores nothing."""
    path = trial(
        tmp_path,
        address=steps["address"],
        authentication_type="OAuth Service",
        client_id=steps["client_id"],
        secret=steps["secret"],
        mailbox=steps["mailbox"],
    )
    code, printed = run("--try", path, "--json")

    assert (code, lines(printed)[0]["status"]) == (0, "ok")
    assert not CheckResult.objects.exists()
    assert not IncomingServer.objects.exists()


def test_an_oauth_user_on_trial(tmp_path: Path, steps: dict[str, str]) -> None:
    """Account and password are tried, without a database."""
    path = trial(
        tmp_path,
        address=steps["address"],
        authentication_type="oauth_user",
        client_id=steps["user_client_id"],
        account=steps["user_account"],
        password=steps["user_password"],
    )
    assert run("--try", path)[0] == 0


@pytest.mark.parametrize(
    ("address", "broken"),
    [("https://login.microsoftonline.com/common", "settings"), ("https://evil.example/x", "settings"), ("", "")],
)
def test_wrong_values_are_broken_not_refused(tmp_path: Path, steps: dict[str, str], address: str, broken: str) -> None:
    """What is wrong with a value is the check's business; what is missing is a usage error."""
    path = trial(
        tmp_path,
        address=address,
        authentication_type="OAuth Service",
        client_id=steps["client_id"],
        secret="wrong~" * 6,
    )
    code, printed = run("--try", path, "--json")

    if not broken:
        assert code == 2
        return
    assert code == 1
    assert next(stage["stage"] for stage in lines(printed)[0]["stages"] if stage["outcome"] == "broken") == broken


@pytest.mark.parametrize(
    "text", ["", "[]", '{"address": 1}', '{"address": "a", "client_id": "b"}', '{"nonsense": "x"}']
)
def test_a_file_of_another_kind_is_a_usage_error(tmp_path: Path, text: str) -> None:
    """Exit 2, and the keys are named or what is wrong is."""
    path = tmp_path / "trial.json"
    path.write_text(text)

    assert run("--try", str(path))[0] == 2


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("client_id", "\u0430", '"client_id": The 1st sign is a Cyrillic small letter a (U+0430)'),
        ("mailbox", "help@\uff48alden.example", '"mailbox": The 6th sign is a fullwidth Latin small letter h (U+FF48)'),
        ("secret", "${SECRET}", '"secret": This is a reference to a variable'),
        ("secret", "wrong~" * 6 + "\u200b", '"secret": The 37th sign is a zero width space (U+200B)'),
        ("password", "\ufeffcorr3ct", '"password": It begins or ends with a zero width no-break space (U+FEFF)'),
    ],
)
def test_what_no_form_takes_is_a_usage_error(
    tmp_path: Path, steps: dict[str, str], key: str, value: str, said: str
) -> None:
    """Signs that pass for others, and what cannot be a secret, are told as the forms tell them."""
    values = {"address": steps["address"], "authentication_type": "OAuth Service", "client_id": steps["client_id"]}
    with pytest.raises(TrialError) as raised:
        read_trial(json.dumps(values | {key: value}))
    assert str(raised.value).startswith(said)
    assert value not in str(raised.value)


def test_what_is_not_seen_is_dropped(steps: dict[str, str]) -> None:
    """Around and within identifiers and addresses."""
    values = {
        "address": f"\ufeff{steps['address']}",
        "authentication_type": "OAuth Service",
        "client_id": f"{steps['client_id']}\u200b",
        "mailbox": "\u200ehelp@halden.example",
    }
    subject = read_trial(json.dumps(values))
    assert (subject.client_id, subject.mailbox) == (steps["client_id"], "help@halden.example")
    assert subject.login_host in steps["address"]


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    """Exit 2."""
    assert run("--try", str(tmp_path / "none.json"))[0] == 2


def test_standard_input_is_a_file_too(monkeypatch: pytest.MonkeyPatch, steps: dict[str, str]) -> None:
    """A dash reads standard input."""
    values = {
        "address": steps["address"],
        "authentication_type": "OAuth Service",
        "client_id": steps["client_id"],
        "secret": steps["secret"],
    }
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(values)))

    assert run("--try", "-")[0] == 0
