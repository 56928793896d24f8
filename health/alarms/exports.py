"""The columns of the alarms' files."""

from collections.abc import Callable
from typing import Any

from configurator.console.exports.columns import Cell, Column, Export, column, moment
from health.alarms.models import Alarm, Topic
from health.alarms.words import headline, responsible_for, state_of

# What is read of each, and the field of an alarm that it fills.
READ = {name: name for name in ("topic", "cause", "kind", "client_id", "ends_on", "closed_at")} | {"detailed": "detail"}


def _of_alarm(label: str, say: Callable[[Alarm], Cell]) -> Column:
    """Return the column of what is said of an alarm as a whole."""

    def words(*values: Any) -> Cell:
        return say(Alarm(**dict(zip(READ.values(), values, strict=True))))

    return Column(label, tuple(READ), words)


ALARM_EXPORT = Export(
    (
        _of_alarm("State", lambda alarm: state_of(alarm).label),
        column("Topic", "topic", dict(Topic.choices)),
        column("Name", "called"),
        _of_alarm("What is wrong", headline),
        moment("Since", "since"),
        moment("Opened", "opened_at"),
        moment("Closed", "closed_at"),
        _of_alarm("Who mends it", responsible_for),
        column("Stops", "stopping"),
        column("Notices sent", "sent"),
        column("Notices waiting", "waiting"),
        column("Notices given up", "failed"),
    )
)
