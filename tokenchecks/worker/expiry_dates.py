"""Dating: the day on which a secret ends, told by Microsoft, stands on its server."""

from collections.abc import Iterable

from configurator.accounts.actor import Actor
from mailsettings.services import secret_end_told
from tokenchecks.engine.results import Outcome
from tokenchecks.models import CheckRun, Kind
from tokenchecks.subjects.stored_rows import stored
from tokenchecks.subjects.targets import targets_of


def ends_told(ended: Iterable[tuple[CheckRun, Outcome]]) -> None:
    """Write the end dates that checks of servers were told, unless the secret was changed since they began.

    Not in the transaction of the results: the trail is locked after what a save locks, watches among it.
    """
    for run, outcome in ended:
        if not outcome.ends_on or run.kind == Kind.ADDRESS:
            continue
        server = stored(run.kind, run.subject_id)
        if server is None or server.current.expires_on == outcome.ends_on:
            continue
        if any(target.credential == run.credential for target in targets_of(run.kind, run.subject_id)[:1]):
            secret_end_told(actor=Actor.system("token check"), server=server, ends_on=outcome.ends_on)
