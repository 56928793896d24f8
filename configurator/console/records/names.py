"""Names that read the same: they differ only in invisible or lookalike characters, in case or in blanks."""

from typing import Any, Final

from django.db import models
from django.db.models import QuerySet

from configurator import signs

LONGEST_KEY: Final = 200
NAMED: Final = 3


class Named(models.Model):
    """A record with a name, of which there may be thousands; names that read the same share ``name_key``."""

    name_key = models.CharField(max_length=LONGEST_KEY, editable=False, blank=True, default="")

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        self.name_key = name_key(getattr(self, "name", ""))


def name_key(name: str) -> str:
    """Return the form in which names are compared, cut to the length of its column."""
    return signs.key(name)[:LONGEST_KEY]


def fill_keys(model: Any) -> None:
    """Store the key of each name of the model, for a migration."""
    rows = list(model.objects.only("pk", "name"))
    for row in rows:
        row.name_key = name_key(row.name)
    model.objects.bulk_update(rows, ["name_key"], batch_size=1000)


def twins(rows: "QuerySet[Any]", record: Any) -> list[str]:
    """Return the names among the rows that read as the record's does and are spelt otherwise, at most a few."""
    field = "username" if hasattr(record, "username") else "name"
    if not hasattr(record, field):
        return []
    name: str = getattr(record, field)
    others = rows.exclude(pk=record.pk).exclude(**{field: name}).order_by(field)
    if isinstance(record, Named):
        return list(others.filter(name_key=record.name_key).values_list(field, flat=True)[:NAMED])
    # Users, roles and groups are few.
    same = (other for other in others.values_list(field, flat=True) if name_key(other) == name_key(name))
    return list(same)[:NAMED]


def twin_notices(rows: "QuerySet[Any]", record: Any) -> list[str]:
    """Warn of each name that reads as the record's does and is spelt otherwise."""
    return [twin_notice(str(getattr(record, "username", record)), other) for other in twins(rows, record)]


def twin_notice(name: str, other: str) -> str:
    return f"There is “{other}” too, which reads the same. {signs.difference(name, other)}"
