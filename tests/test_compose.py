"""docker-compose.yml, Dockerfile and .env.example: each by itself, and against what the code reads and installs."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from ruamel.yaml.constructor import DuplicateKeyError

from configurator.local.binaries import postgres_bin
from tests.rehearsal import compose as compose_file
from tests.rehearsal import dockerfile
from tests.rehearsal.compose import ROOT, ComposeError, interpolate, texts

TEXT = compose_file.FILE.read_text()
DOCKERFILE = dockerfile.read()
READ = re.compile(r'\b(?:env\.\w+|path_setting|filled_file|secret_setting)\(\s*"([A-Z_]+)"')
APP = ("web", "worker", "beat", "migrate")
# What production does not need, and why.
NOT_IN_COMPOSE = {
    "PORT": "the container's is 8000, published by `ports`",
    "HOST": "the image's command names it",
    "DATA_DIR": "for the servers of `make run`",
    "DEBUG": "never where others can reach it",
    "STATIC_ROOT": "the image's ENV names it",
}
MUTATIONS = {
    "a key twice": ("    TIME_ZONE:", "    CHECK_EVERY: ${CHECK_EVERY:-15}\n    TIME_ZONE:"),
    "a service twice": ("  worker:\n", "  db: {image: other}\n  worker:\n"),
    "a secret twice": ("  redis_url: {", "  redis_url: {file: ./other}\n  redis_url: {"),
}
MISTAKES = {
    "a key that Compose does not know": ("    restart: unless-stopped", "    restarts: unless-stopped"),
    "a word in place of a list": ("    secrets: [postgres_password]", "    secrets: postgres_password"),
    "a condition that does not exist": ("{condition: service_healthy}", "{condition: service_well}"),
    "a port in letters": ('ports: ["127.0.0.1:8000-8009:8000"]', "ports: 8000"),
}


def mutated(before: str, after: str) -> str:
    """Return docker-compose.yml with the first ``before`` changed."""
    assert before in TEXT
    return TEXT.replace(before, after, 1)


def documented() -> dict[str, str]:
    """Return every name that .env.example explains, with the default that it shows."""
    return dict(re.findall(r"^#?([A-Z][A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))


def names_read() -> set[str]:
    """Return every name that the code asks the environment for."""
    return {name for file in (ROOT / "configurator").rglob("*.py") for name in READ.findall(file.read_text())}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """Return docker-compose.yml as data, before any variable is filled in."""
    return compose_file.load(TEXT)


def app_names(compose: dict[str, Any]) -> set[str]:
    """Return the settings that the application's containers get."""
    environment = compose["services"]["web"]["environment"]
    return {name if name in documented() else name.removesuffix("_FILE") for name in environment}


class TestStructure:
    """What Compose would refuse to start."""

    def test_no_key_stands_twice(self, compose: dict[str, Any]) -> None:
        assert compose["services"]

    @pytest.mark.parametrize("change", MUTATIONS.values(), ids=MUTATIONS)
    def test_key_that_comes_back_is_refused(self, change: tuple[str, str]) -> None:
        with pytest.raises(DuplicateKeyError):
            compose_file.load(mutated(*change))

    def test_it_keeps_to_the_compose_specification(self, tmp_path: Path) -> None:
        assert self.validate(tmp_path, TEXT) == ""

    @pytest.mark.parametrize("change", [*MUTATIONS.values(), *MISTAKES.values()], ids=[*MUTATIONS, *MISTAKES])
    def test_mistakes_do_not(self, tmp_path: Path, change: tuple[str, str]) -> None:
        assert self.validate(tmp_path, mutated(*change))

    def validate(self, tmp_path: Path, text: str) -> str:
        """Return what the specification's own schema has against the file, empty when nothing."""
        file = tmp_path / "docker-compose.yml"
        file.write_text(text)
        checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
        done = subprocess.run(checker, capture_output=True, text=True, check=False)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def test_what_a_service_names_is_there(self, compose: dict[str, Any]) -> None:
        services = compose["services"]
        for service in services.values():
            assert set(service["networks"]) <= set(compose["networks"])
            mounted = {volume.partition(":")[0] for volume in service.get("volumes", [])}
            assert mounted <= set(compose["volumes"])
            for name, how in service.get("depends_on", {}).items():
                if how["condition"] == "service_healthy":
                    assert services[name]["healthcheck"]["test"]
                else:
                    assert how["condition"] == "service_completed_successfully"
                    assert services[name]["restart"] == "no"


class TestVariables:
    """What is filled in from the environment of whoever calls Compose."""

    @pytest.mark.parametrize(
        ("text", "filled"),
        [
            ("${GIVEN}, ${EMPTY}, ${UNSET}", "given, , "),
            ("${GIVEN:-d}, ${EMPTY:-d}, ${UNSET:-d}", "given, d, d"),
            ("${GIVEN-d}, ${EMPTY-d}, ${UNSET-d}", "given, , d"),
            ("${GIVEN:?m}, ${GIVEN?m}, ${EMPTY?m}", "given, given, "),
            ("$$HOME $${GIVEN} 100 %", "$HOME ${GIVEN} 100 %"),
        ],
    )
    def test_they_are_filled_in_as_compose_does(self, text: str, filled: str) -> None:
        assert interpolate({"a": [text, 1]}, {"GIVEN": "given", "EMPTY": ""}) == {"a": [filled, 1]}

    @pytest.mark.parametrize("text", ["$(cat file)", "${1}", "${UNCLOSED", "$", "${EMPTY:?say}", "${UNSET?say}"])
    def test_what_compose_refuses_is_refused(self, text: str) -> None:
        with pytest.raises(ComposeError):
            interpolate(text, {"EMPTY": ""})

    def test_each_fills_in_the_setting_of_its_name_with_the_documented_default(self, compose: dict[str, Any]) -> None:
        found = 0
        for path, text in texts(compose["services"]):
            for variable in re.finditer(r"(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}", text):
                found += 1
                name, how, default = variable.groups()
                assert path[1:] == ("environment", name)
                if how == "-":
                    assert default == documented()[name]
                else:
                    # What has no default is explained to whoever forgot it.
                    assert how == "?"
                    assert default
        assert found

    def test_nothing_but_the_host_names_has_to_be_set(self, compose: dict[str, Any]) -> None:
        with pytest.raises(ComposeError, match="ALLOWED_HOSTS is missing: the host names"):
            interpolate(compose, {})
        assert interpolate(compose, {"ALLOWED_HOSTS": "console.example.org"})


class TestSettings:
    """The settings in three places: .env.example explains them, the code reads them, containers get them."""

    def test_env_example_lists_exactly_what_is_read(self) -> None:
        assert set(documented()) == names_read()

    def test_containers_get_every_setting_and_no_unknown_one(self, compose: dict[str, Any]) -> None:
        assert app_names(compose) == set(documented()) - set(NOT_IN_COMPOSE)

    def test_the_image_sets_what_containers_do_not_get(self) -> None:
        assert {name for name in DOCKERFILE.environment if name in documented()} == {"STATIC_ROOT"}

    @pytest.mark.parametrize("name", APP)
    def test_app_services_share_image_environment_and_limits(self, compose: dict[str, Any], name: str) -> None:
        service, web = compose["services"][name], compose["services"]["web"]
        for key in ("image", "environment", "secrets"):
            assert service[key] == web[key]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]

    def test_no_demo_in_production(self, compose: dict[str, Any]) -> None:
        assert compose["services"]["web"]["environment"]["DEMO"] == "0"
        assert "demo" not in [source for source, _ in DOCKERFILE.copies]


class TestSecrets:
    """Secrets lie in files, and each service gets those that it reads."""

    def test_they_come_from_files_only(self, compose: dict[str, Any]) -> None:
        for service in compose["services"].values():
            for name in service.get("environment", {}):
                assert name.endswith("_FILE") or not re.search(r"KEY|PASSWORD|_URL", name)
        assert compose["secrets"] == {name: {"file": f"./secrets/{name}"} for name in compose["secrets"]}

    def test_each_service_reads_exactly_those_that_it_gets(self, compose: dict[str, Any]) -> None:
        got = set()
        for service in compose["services"].values():
            used = {name for _, text in texts(service) for name in re.findall(r"/run/secrets/(\w+)", text)}
            assert used == set(service["secrets"])
            got |= used
        assert got == set(compose["secrets"])

    def test_the_repository_does_not_take_them(self) -> None:
        assert "/secrets/\n" in (ROOT / ".gitignore").read_text()


class TestServices:
    """What the services promise to each other."""

    def test_nothing_hinders_scaling(self, compose: dict[str, Any]) -> None:
        assert all("container_name" not in service for service in compose["services"].values())
        (ports,) = compose["services"]["web"]["ports"]
        address, published, inside = ports.split(":")
        assert address == "127.0.0.1"
        assert "-" in published
        assert DOCKERFILE.one("EXPOSE") == inside
        assert f"0.0.0.0:{inside}" in DOCKERFILE.command

    def test_every_lasting_service_has_a_health_check_and_restarts(self, compose: dict[str, Any]) -> None:
        for name, service in compose["services"].items():
            if name != "migrate":
                assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
                assert service["restart"] == "unless-stopped"

    def test_database_and_broker_are_those_that_the_code_wants(self, compose: dict[str, Any]) -> None:
        services = compose["services"]
        version = subprocess.run([postgres_bin() / "postgres", "--version"], capture_output=True, text=True, check=True)
        assert services["db"]["image"] == f"postgres:{version.stdout.split()[2].partition('.')[0]}"
        script = services["broker"]["command"][-1]
        for setting in ("appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction", "requirepass"):
            assert setting in script
        assert "ports" not in services["db"]
        assert "ports" not in services["broker"]


class TestImage:
    """The Dockerfile: what it copies, and as whom it runs."""

    def test_it_is_not_root(self) -> None:
        assert DOCKERFILE.one("USER") == "configurator"
        assert DOCKERFILE.user_id

    def test_it_copies_exactly_what_the_build_may_see(self) -> None:
        lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
        assert lines == ["*", *(f"!{source}" for source, _ in DOCKERFILE.copies), "**/__pycache__", "**/*.pyc"]
        for source, target in DOCKERFILE.copies:
            assert (ROOT / source).exists()
            assert target in ("./", source)

    def test_it_copies_every_app_and_whatever_the_settings_name(self) -> None:
        copied = [ROOT / source for source, _ in DOCKERFILE.copies]
        apart = {"demo"}
        of_ours = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).is_relative_to(ROOT)]
        needed = [path for path in of_ours if ".venv" not in path.parts and path.name not in apart]
        assert len(needed) > len(APP)
        for path in [*needed, ROOT / "templates", ROOT / "static", ROOT / "manage.py"]:
            assert any(path.is_relative_to(source) for source in copied), path
