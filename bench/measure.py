"""How every benchmark measures and prints: paired rounds, medians, one JSON line per figure."""

import json
import statistics
import time
from collections.abc import Callable

ROUNDS = 5


def seconds(act: Callable[[], object], times: int = 1) -> float:
    """Return the seconds that one of ``times`` calls took."""
    start = time.perf_counter()
    for _ in range(times):
        act()
    return (time.perf_counter() - start) / times


def paired(act: Callable[[], object], peer: Callable[[], object], *, times: int = 1, rounds: int = ROUNDS) -> float:
    """Return the median over the rounds of act's time by peer's time; both are warmed up first."""
    act()
    peer()
    return statistics.median(seconds(act, times) / seconds(peer, times) for _ in range(rounds))


def report(name: str, value: float, unit: str, goal: str) -> None:
    """Print a figure and whether it holds its goal, which reads ``<= 1.3`` or ``>= 0.5``."""
    sign, _, limit = goal.partition(" ")
    holds = value <= float(limit) if sign == "<=" else value >= float(limit)
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "goal": goal, "holds": holds}), flush=True)


def tell(name: str, value: float, unit: str) -> None:
    """Print a figure that has no goal."""
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "goal": "", "holds": None}), flush=True)


def p95(values: list[float]) -> float:
    """Return the value that 95 of 100 stay below."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]
