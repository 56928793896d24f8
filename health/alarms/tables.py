"""The result list of alarms."""

from typing import Any

import django_tables2 as tables

from configurator.console.lists.cells import badge
from configurator.console.lists.columns import LinkColumn, RecordTable, WhenColumn
from health.alarms.models import Alarm
from health.alarms.words import headline, responsible_for, state_of


class AlarmTable(RecordTable):
    """State, name, cause, since when, who has to act, what stops, and the notices."""

    state = tables.Column(empty_values=(), verbose_name="State", orderable=False)
    name = LinkColumn(accessor="called", verbose_name="Name", order_by="called")
    what = tables.Column(empty_values=(), verbose_name="What is wrong", orderable=False)
    since = WhenColumn(verbose_name="Since")
    who = tables.Column(empty_values=(), verbose_name="Who mends it", orderable=False)
    stops = tables.Column(accessor="stopping", verbose_name="Stops", default="–", orderable=False)
    told = tables.Column(empty_values=(), verbose_name="Notices", orderable=False)

    class Meta(RecordTable.Meta):
        model = Alarm
        fields = ("state", "name", "what", "since", "who", "stops", "told")
        sequence = fields

    def render_state(self, record: Any) -> str:
        return badge(state_of(record))

    def render_what(self, record: Any) -> str:
        return headline(record)

    def render_who(self, record: Any) -> str:
        return responsible_for(record)

    def render_told(self, record: Any) -> str:
        """Return how many notices went out, wait, or were given up."""
        counts = ((record.sent, "sent"), (record.waiting, "waiting"), (record.failed, "given up"))
        return ", ".join(f"{number} {word}" for number, word in counts if number) or "–"
