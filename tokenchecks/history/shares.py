"""Shares in words: single, and of a whole, which add up to 100 %."""

import math
from collections.abc import Sequence

# A share below it, or as near to the whole, is written more exactly.
FEW = 0.01


def share(part: float) -> str:
    """Return a share in words that never rounds to 0 % or 100 %."""
    return f"{100 * part:.0f} %" if part in (0, 1) else shares([part, 1 - part])[0]


def shares(parts: Sequence[float]) -> list[str]:
    """Return the shares of a whole in words: they add up to 100 %, and none rounds to 0 %."""
    if len(parts) == 1:
        return [share(1)]
    digits = max(map(_digits, parts), default=0)
    exact = [part * 100 * 10**digits for part in parts]
    units = [max(math.floor(one), 1) for one in exact]
    left = 100 * 10**digits - sum(units)
    if left < 0:
        units[units.index(max(units))] += left
    by_rest = sorted(range(len(units)), key=lambda at: units[at] - exact[at])
    for at in by_rest[: max(left, 0)]:
        units[at] += 1
    return [f"{one / 10**digits:.{digits}f} %" for one in units]


def _digits(part: float) -> int:
    return 1 if FEW < part < 1 - FEW else 2
