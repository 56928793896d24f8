"""What is generated in docs/ is up to date."""

from types import ModuleType

import pytest

from tests import architecture, rights, rules
from tests.cases import paper as cases


@pytest.mark.parametrize("generator", [architecture, rules, rights, cases], ids=lambda generator: generator.PAPER.name)
def test_a_generated_page_is_up_to_date(generator: ModuleType) -> None:
    fresh = generator.PAPER.read_text(encoding="utf-8") == generator.paper()
    assert fresh, f"docs/{generator.PAPER.name} is older than what it is made from: run `make rules` and commit it"
