"""Each app is named in every place that has to name it: the settings, the image, the linters and the coverage."""

import tomllib

import pytest
from django.conf import settings

from tests.rehearsal import dockerfile
from tests.source import PACKAGES, ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# What Django looks for in an app alone, so that it is not found in a package that is none.
OF_AN_APP = ("apps.py", "migrations", "templatetags", "management")


def packages_of_apps() -> list[str]:
    """Return the packages of ours that have what an app has."""
    found = {path.parent for package in PACKAGES for name in OF_AN_APP for path in (ROOT / package).rglob(name)}
    return sorted(path.relative_to(ROOT).as_posix().replace("/", ".") for path in found)


@pytest.mark.parametrize("app", packages_of_apps())
def test_each_app_is_registered_once(app: str) -> None:
    times = [entry for entry in settings.INSTALLED_APPS if entry == app or entry.startswith(f"{app}.apps.")]
    assert times, f'{app} is not registered: add "{app}" to INSTALLED_APPS in configurator/settings.py'
    assert len(times) == 1, f"{app} is registered {len(times)} times in INSTALLED_APPS of configurator/settings.py"
    assert (ROOT / app.replace(".", "/") / "apps.py").exists(), f"{app} has no apps.py with its AppConfig"


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_is_linted_and_covered(package: str) -> None:
    linter = PYPROJECT["tool"]["importlinter"]
    floors, foundation = (
        next(contract for contract in linter["contracts"] if contract["name"] == name)
        for name in ("imports only go down the floors", "the foundation knows nothing of the roof")
    )
    layers = {
        name.strip().partition(".")[0] for layer in floors["layers"] for name in layer.replace(":", "|").split("|")
    }
    below = {module.partition(".")[0] for module in foundation["source_modules"]} | {"demo"}
    for place, names in {
        "tool.coverage.run.source": PYPROJECT["tool"]["coverage"]["run"]["source"],
        "tool.importlinter.root_packages": linter["root_packages"],
        "the layers of the contract on the floors": layers,
        "the source_modules of the contract on the roof": below,
    }.items():
        assert package in names, f'"{package}" is missing in {place} in pyproject.toml'


@pytest.mark.parametrize("package", sorted({*PACKAGES} - {"demo"}))
def test_each_package_is_in_the_image(package: str) -> None:
    copied = [source for source, _ in dockerfile.read().copies]
    assert package in copied, f"the image lacks {package}: add `COPY {package} {package}` to the Dockerfile"
    seen = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert f"!{package}" in seen, f"the build does not see {package}: add `!{package}` to .dockerignore"


def test_every_package_that_is_named_is_there() -> None:
    coverage, linter = PYPROJECT["tool"]["coverage"]["run"]["source"], PYPROJECT["tool"]["importlinter"]
    for place, names in {"tool.coverage.run.source": coverage, "root_packages": linter["root_packages"]}.items():
        assert sorted(names) == PACKAGES, f"{place} in pyproject.toml and the packages differ"
