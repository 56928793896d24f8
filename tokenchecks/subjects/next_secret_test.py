"""What the tests of a server's next secret found."""

from mailsettings.rotation.next_test import FailedTest
from mailsettings.rotation.slots import Server
from tokenchecks.engine.results import Outcome
from tokenchecks.models import CheckRun
from tokenchecks.subjects.transcript import outcome_of

# Where the sign-in broke without a word of Microsoft's on the secret.
UNTOLD = frozenset({"internal", "network", "transient", "throttle"})


def is_refused(outcome: Outcome) -> bool:
    """Tell whether Microsoft refused the sign-in with the secret; what broke before or after it says nothing of it."""
    decisive = outcome.decisive
    return bool(
        decisive and decisive.outcome == "broken" and decisive.stage == "token" and decisive.class_ not in UNTOLD
    )


def failed_test(server: Server) -> FailedTest | None:
    """Return the newest ended test of exactly the next secret that the server holds, where it did not pass."""
    run = CheckRun.objects.of_next_secret(server.audit_kind, server.pk, server.next_secret_id).ended().first()
    if run is None or run.finished_at is None:
        return None
    outcome = outcome_of(run.progress)
    return FailedTest(run.finished_at, is_refused(outcome)) if outcome.status == "broken" else None
