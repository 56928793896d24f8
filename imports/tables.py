"""The tables of imports, and of what a dry run found."""

from typing import Any

import django_tables2 as tables

from configurator.console.lists.columns import LinkColumn, RecordTable, WhenColumn
from imports.kinds import KINDS
from imports.models import Import


class ImportTable(RecordTable):
    file_name = LinkColumn(verbose_name="File", orderable=False)
    kind = tables.Column(verbose_name="What it holds", orderable=False)
    rows = tables.Column(verbose_name="Rows", orderable=False, attrs={"td": {"class": "number"}})
    state = tables.Column(verbose_name="State", orderable=False)
    user_name = tables.Column(verbose_name="By", orderable=False)
    uploaded_at = WhenColumn(verbose_name="Uploaded", orderable=False)

    class Meta(RecordTable.Meta):
        model = Import
        fields = ("file_name", "kind", "rows", "state", "user_name", "uploaded_at")

    def render_kind(self, value: str) -> str:
        return KINDS[value].label if value in KINDS else value

    def render_rows(self, value: Any) -> str:
        return f"{value:,}"
