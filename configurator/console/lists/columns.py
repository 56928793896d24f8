"""Columns that several lists share."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join

from configurator.console.lists import cells


class RecordTable(tables.Table):
    """The base of each list's table: rows open, the first column has the status."""

    class Meta:
        template_name = "console/lists/table.html"
        attrs = {"class": "table records"}
        row_attrs = {"data-href": lambda record: record.get_absolute_url()}


class CellColumn(tables.Column):
    """A column whose cells have markup of their own, also where there is no value."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_values=(), **kwargs)


class LinkColumn(tables.Column):
    """A link to the page of the row."""

    def render(self, value: Any, record: Any) -> str:
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), value)


class YesNoColumn(CellColumn):
    def render(self, value: object) -> str:
        return cells.yes_no(value)


class StatusColumn(CellColumn):
    """Shape, colour and word of a row's status, with the sentence that says what is wrong.

    Rows of one status are sorted by ``then``, as an index has them.
    """

    def __init__(self, then: str, **kwargs: Any) -> None:
        super().__init__(verbose_name="Status", accessor="status", order_by=("status", then), **kwargs)

    def render(self, record: Any) -> str:
        return cells.checked(record)


class GuidColumn(CellColumn):
    """A GUID, shortened in the middle, whole on focus."""

    def render(self, value: Any) -> str:
        return cells.identifier(value)


class WhenColumn(CellColumn):
    """How long ago a moment was, and the exact time on hover and focus; for ``words`` see ``when``."""

    def __init__(self, words: str = "ago", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words

    def render(self, value: Any) -> str:
        return cells.when(value, self.words)


class ExpiryColumn(CellColumn):
    """The day on which a secret ends, and in how many days of ``days_left`` that is."""

    def render(self, value: Any, record: Any) -> str:
        days_left = record["days_left"] if isinstance(record, dict) else record.days_left
        return cells.expiry(value, days_left)


class ValuesColumn(CellColumn):
    """Values with their labels, from the table's ``words()`` of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(orderable=False, **kwargs)

    def render(self, record: Any, table: Any) -> str:
        return format_html_join("", '<div class="change"><b>{}</b> {}</div>', table.words(record))
