"""Each contract on imports, which `make lint` holds, is kept, and goes red when an import is planted that breaks it."""

from typing import Final

import grimp
import pytest
from importlinter.application.use_cases import read_user_options
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

from tests.source import ROOT

configure()
OPTIONS: Final = read_user_options(str(ROOT / "pyproject.toml"))
CONTRACTS: Final = {contract["name"]: contract for contract in OPTIONS.contracts_options}
TYPES: Final = {"layers": LayersContract, "forbidden": ForbiddenContract}
# Which contract breaks, when a new module of the one package imports a new one of the other.
PLANTED: Final = (
    ("imports only go down the floors", "queues", "tokenchecks"),
    ("imports only go down the floors", "tokenchecks", "health.findings"),
    ("imports only go down the floors", "health.problems", "dashboard"),
    ("imports only go down the floors", "mailsettings", "queues"),
    ("imports only go down the floors", "support", "demo"),
    ("inside configurator imports go down too", "configurator.jobs", "configurator.console"),
    ("inside configurator imports go down too", "configurator.db", "configurator.audit"),
    ("inside configurator imports go down too", "configurator.audit", "configurator.accounts"),
    ("inside configurator imports go down too", "configurator.signs", "configurator.db"),
    ("inside the console imports go down too", "configurator.console.frame", "configurator.console.lists"),
    ("inside the console imports go down too", "configurator.console.objects", "configurator.console.history"),
    ("inside the console imports go down too", "configurator.console.history", "configurator.console.people"),
    ("inside the token checks imports go down too", "tokenchecks.services", "tokenchecks.worker"),
    ("inside the token checks imports go down too", "tokenchecks.worker", "tokenchecks.screens"),
    ("inside the token checks imports go down too", "tokenchecks.engine", "tokenchecks.models"),
    ("the foundation knows nothing of the roof", "queues", "configurator.urls"),
    ("the check engine needs no Django", "tokenchecks.engine", "django"),
    ("the check engine needs no Django", "tokenchecks.engine", "configurator.audit.models"),
    ("the reader of files and the proof of the trail run without the rest", "imports.reader", "imports.models"),
    ("the reader of files and the proof of the trail run without the rest", "configurator.audit.proof", "django"),
)


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Return who imports whom."""
    return grimp.build_graph(*OPTIONS.session_options["root_packages"], include_external_packages=True, cache_dir=None)


def is_kept(name: str, graph: grimp.ImportGraph) -> bool:
    """Tell whether the contract holds."""
    options = {key: value for key, value in CONTRACTS[name].items() if key not in ("name", "type")}
    contract = TYPES[CONTRACTS[name]["type"]](name, OPTIONS.session_options, options)
    return bool(contract.check(graph, verbose=False).kept)


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_contract_is_kept(name: str, graph: grimp.ImportGraph) -> None:
    assert is_kept(name, graph), f"{name}: run `make lint`, which names the imports that break it"


@pytest.mark.parametrize(("name", "importer", "imported"), PLANTED)
def test_a_planted_import_breaks_it(name: str, importer: str, imported: str, graph: grimp.ImportGraph) -> None:
    planted = f"{importer}.planted"
    graph.add_import(importer=planted, imported=imported)
    try:
        assert not is_kept(name, graph)
    finally:
        graph.remove_module(planted)
    assert is_kept(name, graph)


def test_each_contract_has_a_planted_import() -> None:
    assert {name for name, *_ in PLANTED} == CONTRACTS.keys(), "plant an import for it in tests/test_contracts.py"
