"""Every write to the jobs of bulk actions."""

from configurator.console.bulk.services.asking import MOST, TooMany, begin, confirm, enter_values
from configurator.console.bulk.services.performing import perform
from configurator.console.bulk.services.waiting import sweep

__all__ = ["MOST", "TooMany", "begin", "confirm", "enter_values", "perform", "sweep"]
