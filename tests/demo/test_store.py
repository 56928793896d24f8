"""What is kept in the directory: one private file with secrets, and nothing secret beside it."""

import json
import re
import stat
from pathlib import Path

from demo import names, seed, store
from demo.server import DemoTenant
from demo.world import fold


def test_only_the_world_file_holds_secrets(tmp_path: Path) -> None:
    with DemoTenant(tmp_path / "demo") as tenant:
        secret = tenant.world.app(names.SERVICE_APP).secrets[0].value
        files = {path.name: path for path in (tmp_path / "demo").iterdir()}
        assert set(files) == {"ca.pem", "tenant.json", "world.json"}
        for name in ("ca.pem", "tenant.json"):
            assert secret not in files[name].read_text()
            assert "PRIVATE KEY" not in files[name].read_text()
        assert stat.S_IMODE(files["world.json"].stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "demo").stat().st_mode) == 0o700


def test_the_tenant_file_says_where_to_connect_and_goes_away(tmp_path: Path) -> None:
    with DemoTenant(tmp_path) as tenant:
        facts = json.loads((tmp_path / "tenant.json").read_text())
        assert facts["port"] == tenant.port
        assert facts["ca_file"] == str(tmp_path / "ca.pem")
        assert f"graph.microsoft.com=127.0.0.1:{tenant.port}" in facts["connect_to"].split(",")
    assert not (tmp_path / "tenant.json").exists()


def test_it_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    authority, world = store.load(tmp_path)
    world.account("anna.lindqvist@halden-energie.example").full_access = ["presse@halden-energie.example"]
    world.app(names.SERVICE_APP).access_policy = ["umzug@halden-energie.example"]
    store.save(tmp_path, authority, world)
    again, read = store.load(tmp_path)
    assert read == world
    assert again.cert_pem.bytes() == authority.cert_pem.bytes()


def test_two_directories_share_no_secret(tmp_path: Path) -> None:
    secrets = set()
    for name in ("one", "two"):
        _, world = store.load(tmp_path / name)
        secrets |= {app.secrets[0].value for app in world.tenants[names.HALDEN].apps.values() if app.secrets}
    assert len(secrets) == 12


def test_the_first_steps_can_be_typed_in(tmp_path: Path) -> None:
    _, world = store.load(tmp_path)
    steps = json.loads((tmp_path / "world.json").read_text())["first_steps"]
    assert steps["address"] == f"https://login.microsoftonline.com/{names.FJORDLYS}"
    assert steps["secret"] == world.app(names.FIRST_APP).secrets[0].value
    assert steps["outgoing_secret"] == world.app(names.FIRST_OUTGOING_APP).secrets[0].value
    assert steps["user_password"] == world.account(names.FIRST_ACCOUNT).password
    del world.tenants[names.FJORDLYS]
    assert seed.first_steps(world) == {}


def test_a_secret_looks_like_one_of_entras() -> None:
    assert re.fullmatch(r".{3}8Q~[\w~.-]{34}", seed.new_secret(days=1).value)
    assert seed.new_secret(days=-1).expired


def test_names_are_compared_without_case_and_in_ascii() -> None:
    assert fold(" Kundtjanst@FJÄLLKRAFT.example ") == "kundtjanst@xn--fjllkraft-w2a.example"
    assert fold("fjällkraft.example") == "xn--fjllkraft-w2a.example"
    assert fold("ä" * 70 + ".example") == "ä" * 70 + ".example"
