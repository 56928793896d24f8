"""The columns of the files of findings."""

from collections.abc import Callable

from configurator.console.exports.columns import Cell, Column, Export, column, moment
from health.findings.catalogue import Rule, catalogue
from health.findings.kinds import KINDS


def _of_rule(label: str, say: Callable[[Rule], Cell]) -> Column:
    """Return the column of what a rule says."""
    return Column(label, ("rule",), lambda key: say(catalogue()[key]))


FINDING_EXPORT = Export(
    (
        _of_rule("Severity", lambda rule: str(rule.severity.label)),
        column("Of", "name"),
        column("Kind", "kind", {kind: about.label for kind, about in KINDS.items()}),
        column("Id", "subject_id"),
        _of_rule("What was found", lambda rule: rule.title),
        column("Detail", "detail"),
        _of_rule("Why", lambda rule: rule.reason),
        _of_rule("What to do", lambda rule: rule.remedy),
        column("Rule", "rule"),
        moment("Since", "found_at"),
        column("Acknowledged by", "acknowledgement__acknowledged_by"),
        moment("Acknowledged", "acknowledgement__acknowledged_at"),
        column("Reason", "acknowledgement__reason"),
    )
)
