"""Columns that several result lists share."""

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string


class RecordTable(tables.Table):
    """The base of each result list's table: rows open, the first column names the status."""

    class Meta:
        template_name = "generic/table.html"
        attrs = {"class": "table records"}
        row_attrs = {"data-href": lambda record: record.get_absolute_url()}


class StatusColumn(tables.Column):
    """Shape, colour and word of a row's status, with the sentence that says what is wrong."""

    def __init__(self, **kwargs: Any) -> None:
        """Stand under the heading Status."""
        super().__init__(verbose_name="Status", accessor="status", **kwargs)

    def render(self, record: Any) -> str:
        """Render the badge."""
        return render_to_string("console/status.html", {"item": record})


class GuidColumn(tables.TemplateColumn):
    """A GUID, shortened in the middle, whole on focus."""

    def __init__(self, **kwargs: Any) -> None:
        """Render through the shared template."""
        super().__init__(template_name="console/guid_cell.html", **kwargs)


class WhenColumn(tables.TemplateColumn):
    """A moment: how long ago, and the exact time on hover and focus."""

    def __init__(self, **kwargs: Any) -> None:
        """Render through the shared template."""
        super().__init__(template_name="console/when_cell.html", **kwargs)
