"""One thread of a process takes the checks of many."""

from tokenchecks.worker.single_flight import turn


def test_a_turn_is_one_callers_until_its_end() -> None:
    with turn("schedule") as first, turn("schedule") as second, turn("round") as other:
        assert (first, second, other) == (True, False, True)
        with turn("schedule") as third:
            assert not third
    with turn("schedule") as after:
        assert after
