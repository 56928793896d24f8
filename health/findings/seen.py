"""Which findings somebody sees: of the kinds of objects that he may view, and of his queues."""

from configurator.accounts.models import User
from health.findings.kinds import kinds_for
from health.findings.models import Finding
from health.findings.querysets import FindingQuerySet


def findings_of(user: User) -> FindingQuerySet:
    """Return the findings of what the user may view."""
    return Finding.objects.visible_to(user.scope("queue.view")).of_kinds(kinds_for(user))
