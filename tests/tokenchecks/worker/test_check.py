"""One thread of a process takes the checks of many."""

from tokenchecks.worker.check import single_flight


def test_a_turn_is_one_callers_until_its_end() -> None:
    with single_flight("schedule") as first, single_flight("schedule") as second, single_flight("round") as other:
        assert (first, second, other) == (True, False, True)
        with single_flight("schedule") as third:
            assert not third
    with single_flight("schedule") as after:
        assert after
