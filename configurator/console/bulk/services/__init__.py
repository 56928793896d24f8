"""Every write to jobs: begun, given a value, confirmed, performed, rung for, tidied away."""

from configurator.console.bulk.services.asking import MOST, TooMany, begin, confirm, enter_values
from configurator.console.bulk.services.performing import perform
from configurator.console.bulk.services.waiting import sweep

__all__ = ["MOST", "TooMany", "begin", "confirm", "enter_values", "perform", "sweep"]
