"""The columns of a file: which it may have, which it needs, and which are never kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

from configurator import signs
from imports.reader.walk import letters
from imports.reading import BadFile, File, FileRow
from imports.reading.faults import faults_of
from mailsettings.identifiers.guids import looks_like_secret

DELETE = "Delete"
# How exports write a secret that is set and not shown; matches an empty cell too.
MASKED = re.compile(r"[*•●.\s]*|set|\[secret\]", re.IGNORECASE)
SECRETS = (
    "Secret", "Client Secret", "Next secret", "Previous secret", "E-Mail Password", "Password", "Server Password",
)  # fmt: skip
PLAIN_LABEL = re.compile(r"[^\W\d_]([^\W\d_]|[ ()./-]){0,39}")
# What people and programs write before or after the name of a column that has to be filled in.
WORDS = (
    "required|mandatory|optional|pflicht|pflichtfeld|erforderlich|obligatoire|facultatif|obligatorio|opcional|"
    "obbligatorio|facoltativo|obrigatório|verplicht|optioneel"
)
MARKS = re.compile(rf"^\W*({WORDS})\b|\b({WORDS})\W*$")
# The names that programs give to columns that have none, as they write them in their languages, with a number.
UNNAMED = re.compile(
    r"(column|unnamed|field|spalte|feld|colonne|champ|columna|campo|colonna|coluna|kolom|veld|kolumna|kolumn|kolonne|"
    r"sarake|sloupec|oszlop|sütun|столбец|列)[ :_-]*\d+"
)
MOST_ABOVE: Final = 5  # rows with a title, above the one that names the columns
NO_SECRETS = (
    "Files carry no secrets: empty that column, and enter each secret on the page of its server or address. Nothing of "
    "the file was kept."
)


class SecretInFile(BadFile):
    """A file that holds what looks like a secret: not even its bytes are kept."""


def key_of(label: str) -> str:
    """Return what the label of a column is known by: letters and digits alone, however they are written.

    So it does not matter what a spreadsheet or its user puts around or between the words: blanks, hyphens, quotation
    marks, line breaks, signs that are not seen.
    """
    return re.sub(r"[\W_]+", "", MARKS.sub("", signs.key(label)))


@dataclass(frozen=True)
class Columns:
    """The columns of one kind of file.

    ``kept`` are read; ``passed`` stand in exports too and say nothing to an import; one of ``needed`` is there whole.
    Under the labels in ``guids`` a secret is often pasted by mistake.
    """

    kept: tuple[str, ...]
    passed: frozenset[str]
    needed: tuple[tuple[str, ...], ...]
    guids: tuple[str, ...] = ()

    @cached_property
    def known(self) -> dict[str, str]:
        """The label of each column that a file may have, by its key."""
        return {key_of(label): label for label in (*self.kept, DELETE, *SECRETS, *sorted(self.passed))}

    def find(self, file: File) -> "Header":
        """Take the rows of the file up to the one that names the columns, and return it.

        Above it there may be rows of one cell, such as a title. BadFile for a label that is not known, one that is
        there twice, and one that is missing.
        """
        rows = list(islice(file.rows, 1))
        if not rows:
            raise BadFile(self._nothing_in(file))
        while self._is_title(rows[-1]) and len(rows) <= MOST_ABOVE and (more := next(file.rows, None)):
            rows.append(more)
        head = rows[-1] if any(self._names(rows[-1])) else rows[0]
        names = self._names(head)
        strange = [
            _shown(label, place)
            for place, label in enumerate(head.cells)
            if label.strip() and not names[place] and not UNNAMED.fullmatch(signs.tidy(label).casefold())
        ]
        if strange:
            raise BadFile(self._unknown(strange, file, head, [*rows[1:], *islice(file.rows, MOST_ABOVE)]))
        twice = sorted({name for name in names if name and names.count(name) > 1})
        if twice:
            raise BadFile(f"The column {twice[0]} stands there twice. Keep one of them.")
        if not any(set(names).issuperset(some) for some in self.needed):
            wanted = " or ".join(" and ".join(some) for some in self.needed)
            missing = f"No row could be matched: a column is missing. The file needs {wanted}."
            raise BadFile(missing + self._elsewhere(file))
        return Header(head.number, names, self)

    def _names(self, row: FileRow) -> list[str]:
        """Return the label in each cell of the row, "" where it is none."""
        return [self.known.get(key_of(cell), "") if cell.strip() else "" for cell in row.cells]

    def _names_all(self, row: FileRow) -> bool:
        """Tell whether the row names all columns that are needed, and none that is not known."""
        names = self._names(row)
        known = all(name or not cell.strip() for name, cell in zip(names, row.cells, strict=True))
        return known and any(set(names).issuperset(some) for some in self.needed)

    def _is_title(self, row: FileRow) -> bool:
        """Tell whether one cell alone holds something, and no label."""
        return sum(1 for cell in row.cells if cell.strip()) == 1 and not any(self._names(row))

    def _unknown(self, strange: list[str], file: File, head: FileRow, below: list[FileRow]) -> str:
        """Say which columns are not known, and where the labels are if they are further down or in another sheet."""
        elsewhere = self._elsewhere(file)
        if elsewhere and not any(self._names(head)):
            return f"The sheet “{file.sheet}” does not name the columns, as one with rows to import does.{elsewhere}"
        named, wanted = ", ".join(strange[:5]), ", ".join((*self.kept, DELETE))
        unknown = f"These columns are not known here: {named}."
        for row in below:
            names = self._names(row)
            if any(names) and all(name or not cell.strip() for name, cell in zip(names, row.cells, strict=True)):
                return f"{unknown} The names of the columns stand in row {row.number}: delete the rows above it."
        return f"{unknown} Row {head.number} names the columns: {wanted}.{elsewhere}"

    def _elsewhere(self, file: File) -> str:
        """Say where in which other sheet the columns are named, "" for nowhere."""
        found = next(self._naming(file), None)
        if not found:
            return ""
        sheet, number = found
        return f" The names of the columns stand in row {number} of the sheet “{sheet}”: have that read."

    def _naming(self, file: File) -> Iterator[tuple[str, int]]:
        """Give the other sheets that name all columns that are needed, above their rows, and the numbers of those."""
        for sheet, rows in file.begun.items():
            for row in rows[: min(len(rows) - 1, MOST_ABOVE + 1)]:
                if self._names_all(row):
                    yield sheet, row.number

    def _filled(self, file: File) -> str:
        """Name the other sheet that holds something, if possible below names of columns."""
        sheet = next((sheet for sheet, _ in self._naming(file)), next(iter(file.begun)))
        return f"Something stands in “{sheet}”: have that read."

    def _nothing_in(self, file: File) -> str:
        """Say that the file holds nothing, and which sheet does."""
        if file.begun:
            return f"The sheet “{file.sheet}” is empty. {self._filled(file)}"
        return "The file is empty. Its first row must name the columns, as an export in SC's own format does."

    def no_row_in(self, file: File) -> str:
        """Say that the file names its columns only, and which other sheet holds something."""
        if file.begun:
            return f"The sheet “{file.sheet}” holds no row below the names of its columns. {self._filled(file)}"
        return "The file names its columns but holds no row. Nothing would be imported."


def _shown(label: str, place: int) -> str:
    """Return a label to show with its column, and the sign in it that is not what it seems.

    What cannot be a label is not shown: a file without labels may begin with anything.
    """
    column, text = f"column {letters(place + 1)}", " ".join(label.split())
    shown = f"{text} ({column})" if PLAIN_LABEL.fullmatch(text) else column
    unseen = signs.dropped(text)
    sign = unseen[0] if unseen else signs.strange(text)
    return f"{shown}, which holds {sign.what}" if sign and (unseen or signs.looks_like(sign.char)) else shown


class Header:
    """The row that names the columns, understood."""

    def __init__(self, number: int, names: list[str], columns: Columns) -> None:
        kept = [(place, name) for place, name in enumerate(names) if name in (*columns.kept, DELETE)]
        self.number, self.names, self.columns = number, names, columns
        self.labels = [name for _, name in kept]
        self.places = [place for place, _ in kept]
        self.secret = [(place, name) for place, name in enumerate(names) if name in SECRETS]
        self.guids = [(place, name) for place, name in enumerate(names) if name in columns.guids]

    def kept(self, file: File) -> Iterator[tuple[int, list[str], dict[str, str]]]:
        """Give of each row below its number, what is kept, and by its label why a cell cannot be taken.

        BadFile as soon as a secret is met, before anything of it is stored, where a column without a name holds
        something, and where there is no row.
        """
        merged = [area for area in file.merged if any(area[1] <= place + 1 <= area[3] for place in self.places)]
        row = None
        for row in file.rows:
            self._refuse_secrets(row)
            self._refuse_unnamed(row)
            faults = faults_of(row, self.places, merged)
            by_label = {
                name: faults[place] for place, name in zip(self.places, self.labels, strict=True) if place in faults
            }
            yield row.number, [row.cell(place) for place in self.places], by_label
        if row is None:
            raise BadFile(self.columns.no_row_in(file))

    def _refuse_secrets(self, row: FileRow) -> None:
        for place, name in self.secret:
            if not MASKED.fullmatch(row.cell(place)):
                raise SecretInFile(f"Row {row.number}: something stands in the column {name}. {NO_SECRETS}")
        for place, name in self.guids:
            if looks_like_secret(row.cell(place)):
                raise SecretInFile(
                    f"Row {row.number}: what stands under {name} looks like a client secret, so it is not shown again. "
                    f"{NO_SECRETS}"
                )

    def _refuse_unnamed(self, row: FileRow) -> None:
        """Raise BadFile where a column without a name holds something."""
        for place, cell in enumerate(row.cells):
            if (place >= len(self.names) or not self.names[place]) and cell.strip():
                column = letters(place + 1)
                raise BadFile(
                    f"Cell {column}{row.number} holds something, but row {self.number} gives column {column} no name. "
                    "Name the column, or empty it. In a file of text, what holds the separator stands in quotation "
                    "marks; was one lost?"
                )
