"""The columns of a file: which it may have, which it needs, and which are never kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from imports.reading import BadFile
from mailsettings.guids import looks_like_secret

DELETE = "Delete"
# What stands for a secret that is there and not shown, and nothing at all.
MASKED = re.compile(r"[*•●.\s]*|set|\[secret\]", re.IGNORECASE)
SECRETS = (
    "Secret", "Client Secret", "Next secret", "Previous secret", "E-Mail Password", "Password", "Server Password",
)  # fmt: skip
PLAIN_LABEL = re.compile(r"[^\W\d_]([^\W\d_]|[ ()./-]){0,39}")
NO_SECRETS = (
    "Files carry no secrets: empty that column, and enter each secret on the page of its server or address. Nothing of "
    "the file was kept."
)


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

    def read(self, labels: list[str]) -> "Header":
        """Return what the labels in the first row stand for; BadFile for one that is not known, twice or missing."""
        known = {label.casefold(): label for label in (*self.kept, DELETE, *SECRETS, *self.passed)}
        names = [known.get(label.strip().casefold(), "") for label in labels]
        strange = [_shown(label, place) for place, label in enumerate(labels, 1) if not names[place - 1]]
        if strange:
            named = ", ".join(strange[:5])
            wanted = ", ".join((*self.kept, DELETE))
            raise BadFile(f"These columns are not known here: {named}. The first row names the columns: {wanted}.")
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise BadFile(f"The column {twice[0]} stands there twice. Keep one of them.")
        if not any(set(names).issuperset(some) for some in self.needed):
            wanted = " or ".join(" and ".join(some) for some in self.needed)
            raise BadFile(f"No row could be matched: a column is missing. The file needs {wanted}.")
        return Header(names, self)


def _shown(label: str, place: int) -> str:
    """Return a label to show, its place where it is none: a file without labels may begin with anything."""
    return label.strip() if PLAIN_LABEL.fullmatch(label.strip()) else f"column {place}"


class Header:
    """The first row of a file, understood."""

    def __init__(self, names: list[str], columns: Columns) -> None:
        """Know what is kept of each row, and what must not be there."""
        kept = [(place, name) for place, name in enumerate(names) if name in (*columns.kept, DELETE)]
        self.labels = [name for _, name in kept]
        self.places = [place for place, _ in kept]
        self.secret = [(place, name) for place, name in enumerate(names) if name in SECRETS]
        self.guids = [(place, name) for place, name in enumerate(names) if name in columns.guids]

    def kept(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
        """Give of each row what is kept; BadFile as soon as a secret is met, before anything of it is stored."""
        for number, cells in rows:
            for place, name in self.secret:
                if not MASKED.fullmatch(cells[place]):
                    raise BadFile(f"Row {number}: something stands in the column {name}. {NO_SECRETS}")
            for place, name in self.guids:
                if looks_like_secret(cells[place]):
                    raise BadFile(
                        f"Row {number}: what stands under {name} looks like a client secret, so it is not shown again. "
                        f"{NO_SECRETS}"
                    )
            yield number, [cells[place] for place in self.places]
