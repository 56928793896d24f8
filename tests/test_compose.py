"""docker-compose.yml, Dockerfile and .env.example against what the code reads from the environment."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
READ = re.compile(r'\b(?:env\.\w+|path_setting)\(\s*"([A-Z_]+)"')
APP = ("web", "worker", "beat", "migrate")
# Given by `make run` and by the image itself, or of no use in a container.
NOT_IN_COMPOSE = {"PORT", "HOST", "DATA_DIR", "DEBUG", "ENTRA_CA_FILE", "LANGUAGE_DEFAULT", "STATIC_ROOT"}


def names_read() -> set[str]:
    """Return every name that the code asks the environment for."""
    return {name for file in (ROOT / "configurator").rglob("*.py") for name in READ.findall(file.read_text())}


def names_documented() -> set[str]:
    """Return every name that .env.example explains."""
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """Return docker-compose.yml as data."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def app_names(compose: dict[str, Any]) -> set[str]:
    """Return the settings that the application's containers get."""
    return {name.removesuffix("_FILE") for name in compose["services"]["web"]["environment"]}


def test_env_example_lists_exactly_what_is_read() -> None:
    assert names_documented() == names_read()


def test_containers_get_every_setting_and_no_unknown_one(compose: dict[str, Any]) -> None:
    assert app_names(compose) == names_documented() - NOT_IN_COMPOSE


@pytest.mark.parametrize("name", APP)
def test_app_services_share_image_environment_and_limits(compose: dict[str, Any], name: str) -> None:
    service, web = compose["services"][name], compose["services"]["web"]
    for key in ("image", "environment", "secrets"):
        assert service[key] == web[key]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


def test_secrets_come_from_files_only(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"KEY|PASSWORD|_URL", name):
                assert name.endswith("_FILE")
                assert value.removeprefix("/run/secrets/") in service["secrets"]
        assert set(service["secrets"]) <= set(compose["secrets"])
    assert all("file" in secret for secret in compose["secrets"].values())


def test_nothing_hinders_scaling(compose: dict[str, Any]) -> None:
    assert all("container_name" not in service for service in compose["services"].values())
    (ports,) = compose["services"]["web"]["ports"]
    address, published, inside = ports.split(":")
    assert address == "127.0.0.1"
    assert "-" in published
    assert f"0.0.0.0:{inside}" in (ROOT / "Dockerfile").read_text()


def test_every_lasting_service_has_a_health_check_and_restarts(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name != "migrate":
            assert service["healthcheck"]["test"]
            assert service["restart"] == "unless-stopped"


def test_database_and_broker_are_those_that_the_code_wants(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["db"]["image"] == "postgres:18"
    script = services["broker"]["command"][-1]
    for setting in ("appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction", "requirepass"):
        assert setting in script
    assert "ports" not in services["db"]
    assert "ports" not in services["broker"]


def test_no_demo_in_production(compose: dict[str, Any]) -> None:
    assert compose["services"]["web"]["environment"]["DEMO"] == "0"
    assert not re.search(r"^COPY .*\bdemo\b", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_image_is_not_root_and_copies_what_the_build_may_see() -> None:
    dockerfile, ignore = (ROOT / "Dockerfile").read_text(), (ROOT / ".dockerignore").read_text()
    assert re.findall(r"^USER (\w+)", dockerfile, re.MULTILINE) == ["configurator"]
    for source in re.findall(r"^COPY (\S+)", dockerfile, re.MULTILINE):
        assert f"!{source}\n" in ignore
        assert (ROOT / source).exists()
