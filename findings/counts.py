"""How many findings there are of each severity."""

from collections import Counter

from django.db.models import QuerySet

from configurator.console.paging import MOST_COUNTED, said
from findings.models import Finding
from findings.severity import Severity


def totals_of(rows: QuerySet[Finding]) -> list[tuple[Severity, str]]:
    """Return ``(severity, rows)`` for each severity that occurs, in one query that counts no further than 1,001."""
    first, *others = (rows.order_by().filter(rank=severity.rank).values_list("rank") for severity in Severity)
    most = MOST_COUNTED + 1
    ranks = first[:most].union(*(part[:most] for part in others), all=True)
    counted = Counter(Severity.ranked(rank) for (rank,) in ranks)
    return [(severity, said(counted[severity])) for severity in Severity if counted[severity]]
