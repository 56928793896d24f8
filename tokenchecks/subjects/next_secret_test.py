"""Results of the tests of next secrets."""

from mailsettings.rotation.next_test import FailedTest
from mailsettings.rotation.slots import Server
from tokenchecks.engine.results import Outcome
from tokenchecks.models import CheckRun
from tokenchecks.subjects.transcript import outcome_of

# Failures of the sign-in that say nothing of the secret.
NO_VERDICT = frozenset({"internal", "network", "transient", "throttle"})


def is_refused(outcome: Outcome) -> bool:
    """Return whether Microsoft refused the sign-in with the secret; failures before or after it say nothing of it."""
    decisive = outcome.decisive
    return bool(
        decisive and decisive.outcome == "broken" and decisive.stage == "token" and decisive.class_ not in NO_VERDICT
    )


def failed_test(server: Server) -> FailedTest | None:
    """Return the newest ended test of the server's present next secret, if it failed."""
    run = CheckRun.objects.of_next_secret(server.audit_kind, server.pk, server.next_secret_id).ended().first()
    if run is None or run.finished_at is None:
        return None
    outcome = outcome_of(run.progress)
    return FailedTest(run.finished_at, is_refused(outcome)) if outcome.status == "broken" else None
