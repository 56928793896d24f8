"""The small parts of the embedded stack."""

import io
import json
import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import environ
import pytest

from configurator.local import lock, venv
from configurator.local.files import read_settings, write_settings
from configurator.local.keys import local_keys
from configurator.local.log import Log
from configurator.local.ports import free_port, is_taken
from configurator.local.processes import Program, StackError, spawn
from configurator.local.sign_ins import sign_in_table, write_sign_ins
from configurator.local.stack import Stack

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_settings_survive_the_file_and_its_other_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "stack.env"
    values = {"STACK_TEST_A": "redis://:a=b@h:1/0", "STACK_TEST_B": "/a path/with space"}
    write_settings(path, values)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_settings(path) == values
    for name in values:
        # So that it is taken back after the test.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    environ.Env.read_env(path)
    assert {name: os.environ[name] for name in values} == values


def test_keys_are_made_once(tmp_path: Path) -> None:
    keys = local_keys(tmp_path / "keys.env")
    assert set(keys) == {"SECRET_KEY", "VAULT_KEYS"}
    assert local_keys(tmp_path / "keys.env") == keys


def test_sign_ins_keep_their_passwords_and_roles(tmp_path: Path) -> None:
    path = tmp_path / "local.json"
    users = json.loads(write_sign_ins(path, "http://127.0.0.1:8000/", demo=True))
    assert [user["role"] for user in users] == [
        "Superuser",
        "E-Mail Administrator",
        "Queue Administrator",
        "Support",
    ]
    assert len({user["password"] for user in users}) == len(users)
    assert json.loads(write_sign_ins(path, "http://127.0.0.1:8001/", demo=True)) == users
    assert all(user["password"] in sign_in_table(path) for user in users)


def test_without_demo_there_is_one_user(tmp_path: Path) -> None:
    users = json.loads(write_sign_ins(tmp_path / "local.json", "http://127.0.0.1:8000/", demo=False))
    assert [user["username"] for user in users] == ["superuser"]


def test_lock_is_for_one(tmp_path: Path) -> None:
    assert not lock.is_held(tmp_path)
    held = lock.take(tmp_path)
    assert lock.is_held(tmp_path)
    with pytest.raises(StackError, match="Another `make run` uses"):
        lock.take(tmp_path)
    os.close(held)
    assert not lock.is_held(tmp_path)


def test_taken_port_is_seen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert is_taken("127.0.0.1", server.getsockname()[1])
    assert not is_taken("127.0.0.1", free_port())


def test_given_addresses_are_used_and_nothing_is_started(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://elsewhere/x", "REDIS_URL_FILE": "/a/file"}
    stack = Stack(tmp_path, Log(io.StringIO()), given)
    settings = stack.start(lambda _: None, demo=False, root=tmp_path)
    assert stack.services == []
    assert set(settings) == {"SECRET_KEY", "VAULT_KEYS"}


def test_log_tells_processes_apart_and_remembers_the_last_line() -> None:
    stream = io.StringIO()
    log = Log(stream)
    program = Program("child", log, [sys.executable, "-c", "print('one'); print('two')"])
    program.start()
    assert program.process
    program.process.wait()
    program.stop()
    assert stream.getvalue() == "child    | one\nchild    | two\n"
    assert log.last("child") == "two"


def test_program_that_does_not_heed_is_ended_by_force() -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    log = Log(io.StringIO())
    program = Program("deaf", log, [sys.executable, "-c", deaf])
    program.start()
    while log.last("deaf") != "deaf":
        time.sleep(0.01)
    process = program.process
    program.stop(patience=0.1)
    assert process
    assert process.returncode == -9


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's part of it is Linux's")
def test_child_dies_with_its_parent(tmp_path: Path) -> None:
    code = (
        "import sys, time; from configurator.local.processes import spawn;"
        f"print(spawn({SLEEP!r}).pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    with parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{child}/cmdline").exists() and Path(f"/proc/{child}/cmdline").read_bytes():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_child_whose_parent_is_gone_already_does_not_start() -> None:
    launcher = Path(venv.__file__).with_name("launch.py")
    done = subprocess.run([sys.executable, launcher, "1", "9", "same", *SLEEP], check=False, timeout=10)
    assert done.returncode == 1


def test_program_that_is_missing_is_named() -> None:
    process = spawn(["/nowhere/program"])
    output, _ = process.communicate()
    assert process.returncode == 1
    assert b"/nowhere/program" in output


class TestVenv:
    """What is said and done when Python's venv module is incomplete, as Debian ships it."""

    @pytest.fixture(autouse=True)
    def incomplete(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "ensurepip", None)

    def test_ordinary_user_is_told_what_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "getuid", lambda: 1000)
        with pytest.raises(SystemExit, match=r"as root run `apt-get install python3\.\d+-venv`, then this again"):
            venv.ensure_venv_module()

    def test_root_installs_it(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        apt = tmp_path / "apt-get"
        apt.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/calls"\n')
        apt.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        monkeypatch.setattr(os, "getuid", lambda: 0)
        venv.ensure_venv_module()
        calls = (tmp_path / "calls").read_text().splitlines()
        assert calls[0] == "-qq update"
        assert calls[1].endswith(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")

    def test_failed_installation_names_the_remedy(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 100\n")
        (tmp_path / "apt-get").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        monkeypatch.setattr(os, "getuid", lambda: 0)
        with pytest.raises(SystemExit, match="Could not install python"):
            venv.ensure_venv_module()


def test_progress_counts_packages(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"Collecting package{number}\n" for number in range(12)]
    assert list(venv.show_progress(lines, 12)) == lines
    assert capsys.readouterr().out == "  10 of 12\n  12 of 12\n"
