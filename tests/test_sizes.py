"""Packages and modules stay small enough to be read in one sitting."""

from collections import Counter
from pathlib import Path
from statistics import median

from tests.source import ROOT, modules

MOST_MODULES = 16
MOST_LINES = 300
MEDIAN_LINES = 70
# Flat by their nature: the parts of the embedded stack, and the demo tenant.
EXEMPT = {Path("configurator/local"), Path("demo")}


def lines(path: Path) -> int:
    """Return how many lines a module has."""
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def test_no_package_is_flat_and_full() -> None:
    numbers = Counter(path.parent for path in modules())
    full = {
        str(package): number for package, number in numbers.items() if number > MOST_MODULES and package not in EXEMPT
    }
    assert not full, f"more than {MOST_MODULES} modules: {full}; give what belongs together a package of its own"


def test_no_module_is_long() -> None:
    long = {str(path): number for path in modules() if (number := lines(path)) > MOST_LINES}
    assert not long, f"more than {MOST_LINES} lines: {long}; split it by what a reader looks for"


def test_most_modules_are_short() -> None:
    middle = median(lines(path) for path in modules())
    assert middle <= MEDIAN_LINES, f"half of all modules have more than {middle:.0f} lines, {MEDIAN_LINES} at the most"
