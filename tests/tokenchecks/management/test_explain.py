"""`manage.py explain`: a process of its own, without settings, database or broker, as it is run from a terminal."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
WORDS = b"2026-11-24 ERROR AADSTS7000222: The provided client secret keys for app 'x' are expired."


def explain(*arguments: str, typed: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    kept = {"PATH": os.environ["PATH"], "DATA_DIR": "nowhere"}
    command = [sys.executable, str(ROOT / "manage.py"), "explain", *arguments]
    return subprocess.run(command, input=typed, capture_output=True, env=kept | environment, cwd=ROOT, check=False)


def parsed(done: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    return data


@pytest.mark.parametrize("arguments", [("--json",), ("--json", "-"), ("-", "--json")])
def test_standard_input_is_explained_as_one_json_object(arguments: tuple[str, ...]) -> None:
    data = parsed(explain(*arguments, typed=WORDS))
    assert data["codes"] == ["AADSTS7000222"]
    assert data["causes"][0] == {
        "class": "secret",
        "who": "Entra administrator",
        "cause": (
            "The secret has expired. Every secret has an end date, 24 months away at most, and this one's is past. "
            "Microsoft refuses it from then on."
        ),
        "where": "Entra ID > App registrations > your app > Certificates & secrets; then Secret here",
        "evidence": "the end date in Certificates & secrets is past",
    }
    assert len(data["causes"]) == 3


def test_a_file_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "fault.log"
    file.write_bytes(WORDS)
    assert parsed(explain(str(file), "--json"))["codes"] == ["AADSTS7000222"]


def test_a_person_reads_what_is_wrong_first() -> None:
    done = explain(typed=WORDS)
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert lines[0] == "✕ AADSTS7000222"
    assert lines[1] == "  1  The secret has expired"
    assert "      Who mends it  Entra administrator: Entra ID > App registrations" in lines[4]
    assert lines[5].startswith("      It is this if the end date")


def test_a_terminal_without_such_letters_is_no_fault() -> None:
    done = explain(typed=WORDS, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"? AADSTS7000222" in done.stdout


@pytest.mark.parametrize(
    "typed", [b"", b"hello", b"\0\xff\xfe", bytes(range(256)) * 100, b"[" * 200_000, b"x" * 50_000_000],
    ids=["empty", "plain", "no text", "binary", "deep", "50 MB"],
)  # fmt: skip
def test_a_text_that_says_nothing_is_told_honestly(typed: bytes) -> None:
    data = parsed(explain("--json", typed=typed))
    assert data["codes"] == []
    assert data["causes"][0]["cause"].startswith("Nothing in this text tells what failed.")
    assert "AADSTS" in data["causes"][0]["evidence"]


def test_the_end_of_a_long_log_is_read() -> None:
    assert parsed(explain("--json", typed=b"line\n" * 1_000_000 + WORDS))["codes"] == ["AADSTS7000222"]


@pytest.mark.parametrize("name", ["nowhere.log", ".", "a\nb", "\udcff"])
def test_a_file_that_cannot_be_read_is_a_usage_error(tmp_path: Path, name: str) -> None:
    done = explain(str(tmp_path / name))
    assert done.returncode == 2
    assert not done.stdout
    assert b"Traceback" not in done.stderr
    assert b"cannot be read" in done.stderr
