"""How many findings there are of each severity."""

from django.db.models import QuerySet

from configurator.console.counting import numbers, said
from findings.models import Finding
from findings.severity import Severity


def totals_of(rows: QuerySet[Finding]) -> list[tuple[Severity, str]]:
    """Return ``(severity, rows)`` for each severity that occurs, in one query that counts no further than 1,001."""
    found = numbers({severity: rows.filter(rank=severity.rank) for severity in Severity})
    return [(severity, said(found[severity])) for severity in Severity if found[severity]]
