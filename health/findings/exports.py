"""The columns of the files of findings."""

from configurator.console.exports.columns import Cell, Column, Export, column, moment
from health.findings.catalogue import catalogue
from health.findings.kinds import KINDS


def _severity(rule: str) -> Cell:
    """Return how grave it is."""
    return str(catalogue()[rule].severity.label)


def _title(rule: str) -> Cell:
    """Return what was found."""
    return catalogue()[rule].title


def _reason(rule: str) -> Cell:
    """Return why it matters."""
    return catalogue()[rule].reason


def _remedy(rule: str) -> Cell:
    """Return what to do."""
    return catalogue()[rule].remedy


FINDING_EXPORT = Export(
    (
        Column("Severity", ("rule",), _severity),
        column("Of", "name"),
        column("Kind", "kind", {kind: about.label for kind, about in KINDS.items()}),
        column("Id", "subject_id"),
        Column("What was found", ("rule",), _title),
        column("Detail", "detail"),
        Column("Why", ("rule",), _reason),
        Column("What to do", ("rule",), _remedy),
        column("Rule", "rule"),
        moment("Since", "found_at"),
        column("Acknowledged by", "acknowledgement__acknowledged_by"),
        moment("Acknowledged", "acknowledgement__acknowledged_at"),
        column("Reason", "acknowledgement__reason"),
    )
)
