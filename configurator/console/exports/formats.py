"""The formats of exports."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from configurator.console.exports.columns import Cell, Column, Export
from configurator.console.exports.text import csv_file, json_file, tab_file
from configurator.console.exports.xlsx import TYPE, xlsx_file


@dataclass(frozen=True)
class Format:
    """A format: its name in the URL, its label and purpose, its media type, and its writer."""

    name: str
    label: str
    use: str
    suffix: str
    content_type: str
    write: Callable[[list[str], Iterable[list[Cell]]], Iterator[bytes]]


TAB = Format(
    "tab",
    "SC's own",
    "tab-delimited, to import again: texts stay as they are",
    "txt",
    "text/tab-separated-values",
    tab_file,
)
FORMATS = (
    Format("csv", "CSV", "for spreadsheets and scripts", "csv", "text/csv; charset=utf-8", csv_file),
    Format("xlsx", "XLSX", "for Excel", "xlsx", f"{TYPE}.sheet", xlsx_file),
    Format("json", "JSON", "for scripts", "json", "application/json", json_file),
)


def columns_in(made: Format, export: Export) -> tuple[Column, ...]:
    if made is TAB:
        return export.own
    return export.columns if made.name == "json" else export.round_trip


def formats_of(export: Export) -> tuple[Format, ...]:
    return (*FORMATS, TAB) if export.own else FORMATS
