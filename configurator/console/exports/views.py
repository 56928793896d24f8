"""The response with the file, and the menu of formats."""

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple, Protocol

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify

from configurator.accounts.actor import Actor
from configurator.console.exports.columns import Cell, Column, Export, rows_of
from configurator.console.exports.formats import Format, columns_in, formats_of
from configurator.console.exports.services import list_exported

MOST_SAID = 200


class Filters(Protocol):
    form: Any
    qs: QuerySet[Any]

    def is_valid(self) -> bool:
        """Tell whether they were understood."""


class Menu(NamedTuple):
    """What can be exported, and the URL of each format."""

    heading: str
    links: list[tuple[Format, str]]


class Exports:
    """A page whose rows can be exported, with the right that shows them."""

    request: HttpRequest
    right: ClassVar[str]
    export: ClassVar[Export]
    actor: Actor

    def export_name(self) -> str:
        raise NotImplementedError

    def export_right(self) -> str:
        return self.right

    def selected(self) -> Filters:
        """Return the rows that the filters select, and the filters."""
        raise NotImplementedError

    def exported(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with what the columns read besides what the page does."""
        return rows

    def lines(self, rows: QuerySet[Any], columns: tuple[Column, ...]) -> tuple[list[str], Iterator[list[Cell]]]:
        return [column.label for column in columns], rows_of(rows, columns)

    def download(self, wanted: str) -> StreamingHttpResponse:
        """Record the export, then send it row by row; 404 for a format that is not offered."""
        made = next((item for item in formats_of(self.export) if item.name == wanted), None)
        if made is None:
            raise Http404
        filters = self.selected()
        # As on the page: invalid filters find nothing.
        rows = self.exported(filters.qs if filters.is_valid() else filters.qs.none())
        name = self.export_name()
        list_exported(actor=self.actor, right=self.export_right(), name=name, format_=made.label, filters=said(filters))
        labels, lines = self.lines(rows, columns_in(made, self.export))
        answer = StreamingHttpResponse(made.write(labels, lines), content_type=made.content_type)
        file_name = f"{slugify(name)}-{timezone.localdate():%Y-%m-%d}.{made.suffix}"
        answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
        return answer


def said(filters: Filters) -> dict[str, str]:
    """Return the label of each filter in use and its value."""
    chosen = filters.form.cleaned_data if filters.is_valid() else {}
    return {
        str(filters.form.fields[name].label): str(value)[:MOST_SAID]
        for name, value in chosen.items()
        if value not in (None, "")
    }


def menu(heading: str, export: Export, request: HttpRequest, path: str = "", *, keep: bool = True) -> Menu:
    """Return the menu for exports at ``path``, with the filters of this page unless ``keep`` is False."""
    query = request.GET.copy() if keep else QueryDict(mutable=True)
    for name in ("page", "sort", "columns", "per_page", "format"):
        query.pop(name, None)
    links = []
    for item in formats_of(export):
        query["format"] = item.name
        links.append((item, f"{path}?{query.urlencode()}"))
    return Menu(heading, links)
