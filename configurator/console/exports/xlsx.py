"""XLSX files, sent while they are written.

The libraries write their sheet to a temporary file and send nothing before the last row; and in XlsxWriter's mode of
constant memory a text between <r> and </r> goes into the sheet as XML, so that a name could hold a formula. Here each
text is a text cell, whatever it contains.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import chain, islice
from xml.sax.saxutils import escape

from configurator.console.exports.columns import Cell
from configurator.console.exports.lookalikes import misleads
from configurator.console.exports.sink import Sink

# The limits of a sheet.
MOST_ROWS, MOST_SIGNS = 1_048_576, 32_767
# What XML cannot contain is written as _xHHHH_, and so is the first character of what looks like that.
UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
NO_CHARACTERS = re.compile("[\ud800-\udfff\ufffe\uffff]")
EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
DAY = 86_400
BOLD, DATE, MOMENT, TEXT = 1, 2, 3, 4
TOGETHER = 500

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = (
    f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="{columns}" width="24" customWidth="1"/></cols>'
    "<sheetData>"
)
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
ROOT = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


def xlsx_file(labels: list[str], rows: Iterable[list[Cell]]) -> Iterator[bytes]:
    """Yield a workbook, with another sheet for what one cannot hold; texts are text cells, moments date cells."""
    sink, sheets, left = Sink(), 0, iter(rows)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        first: list[list[Cell]] = []
        while first or not sheets:
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                sheet.write((SHEET.replace("{columns}", str(len(labels))) + row_of(labels, BOLD)).encode())
                yield sink.take()
                inside = islice(chain(first, left), MOST_ROWS - 1)
                while some := list(islice(inside, TOGETHER)):
                    sheet.write("".join(map(row_of, some)).encode())
                    yield sink.take()
                sheet.write(b"</sheetData></worksheet>")
            first = list(islice(left, 1))
        for name, text in _frame(sheets).items():
            archive.writestr(name, text)
    yield sink.take()


def row_of(cells: Iterable[Cell], style: int = 0) -> str:
    return f"<row>{''.join([cell_of(value, style) for value in cells])}</row>"


def cell_of(value: Cell, style: int = 0) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, str):  # first, since most are
        # Marked as by an apostrophe in a spreadsheet, so that it stays a text after it is edited.
        style = TEXT if misleads(value) else style
        return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text_of(value)}</t></is></c>'
    match value:
        case bool():
            return f'<c t="b"><v>{value:d}</v></c>'
        case int():
            return f"<c><v>{value}</v></c>"
        case datetime():
            return f'<c s="{MOMENT}"><v>{(value - EPOCH).total_seconds() / DAY:.8f}</v></c>'
        case date():
            return f'<c s="{DATE}"><v>{(value - EPOCH.date()).days}</v></c>'


def text_of(text: str) -> str:
    """Return a text as XML, cut off at the limit of a cell."""
    if len(text) > MOST_SIGNS // 2:
        units = text.encode("utf-16-le")
        if len(units) > 2 * MOST_SIGNS:
            text = units[: 2 * (MOST_SIGNS - 1)].decode("utf-16-le", "ignore") + "…"
    if not text.isprintable() or "_x" in text:
        text = UNFIT.sub(lambda found: f"_x{ord(found[0]):04X}_", NO_CHARACTERS.sub("\ufffd", text))
    return escape(text)


def _frame(sheets: int) -> dict[str, str]:
    """Return the parts of a workbook besides its sheets, by name."""
    numbers = range(1, sheets + 1)
    names = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPE}.worksheet+xml"/>' for n in numbers
    )
    return {
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{targets}'
        f'<Relationship Id="rId{sheets + 1}" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "_rels/.rels": ROOT,
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>{parts}</Types>',
    }
