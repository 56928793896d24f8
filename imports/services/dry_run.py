"""The dry run: what each row would do, found by the forms and services of the screens; nothing is written but that."""

from collections import Counter
from collections.abc import Iterator

from django.db import transaction
from django.db.models.functions import Now

from configurator.accounts.actor import Actor
from configurator.db.bulk_insert import insert_all
from configurator.jobs.lease import close, heartbeat
from imports.counting import ColumnCounts
from imports.kinds import KINDS, Line
from imports.models import Import, ImportRow, State


def dry_run(claimed: Import) -> None:
    """Judge all rows of the claimed import; what an earlier dry run found is replaced."""
    assert claimed.user  # noqa: S101  working.py closes the imports of deleted users
    judge = KINDS[claimed.kind](actor_of(claimed))
    ImportRow.objects.filter(of=claimed).delete()
    counts: Counter[str] = Counter()
    changes = ColumnCounts(claimed.kind)
    with heartbeat(claimed) as beat:
        for lines in parts_of(claimed):
            found = []
            for verdict in judge.judge(lines):
                row = verdict.as_row(claimed.pk)
                changes.add(row)
                found.append(row)
                beat(counts.total())
            with transaction.atomic():
                # Only the holder of the claim adds rows: a worker that lost it would add them twice.
                Import.objects.mine(claimed).select_for_update().get()
                insert_all(found)
            counts.update(row.outcome for row in found)
            beat(counts.total())
    close(claimed, State.READY, said="", ended_at=Now(), counts=dict(counts), changes=changes.found())


def actor_of(claimed: Import) -> Actor:
    """Return the user with the rights of now; the events have the name of the import as their request."""
    assert claimed.user  # noqa: S101  working.py closes the imports of deleted users
    return Actor.of(claimed.user, claimed.name)


def parts_of(claimed: Import) -> Iterator[list[Line]]:
    """Give the file's rows some hundred at a time."""
    for part in claimed.parts.order_by("number").iterator(chunk_size=1):
        yield [Line.of(row, claimed.labels, claimed.format) for row in part.unpack()]
