"""One thread of a process at a time takes checks of many; it leaves none for the others."""

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

_taken: set[Hashable] = set()
_lock = threading.Lock()


@contextmanager
def turn(key: Hashable) -> Iterator[bool]:
    """Tell whether the turn is the caller's: nobody else's in this process until the block ends."""
    with _lock:
        mine = key not in _taken
        _taken.add(key)
    try:
        yield mine
    finally:
        if mine:
            _taken.discard(key)
