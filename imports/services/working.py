"""What a worker does with an import: reading, dry run or application, and what becomes of it where that fails."""

import logging
import uuid

from django.db import InterfaceError, OperationalError
from django.db.models.functions import Now

from configurator.jobs.lease import LostClaim, close
from imports import services
from imports.models import Import, State
from imports.services.sweeping import interrupted

GONE = "Whoever asked for it may not sign in any more."
STEPS = {State.READING: services.read_file, State.CHECKING: services.dry_run, State.APPLYING: services.apply}
logger = logging.getLogger(__name__)


def work(pk: uuid.UUID) -> None:
    """Claim the import and do what it waits for, one step after the other; nothing when somebody else has it."""
    while (claimed := services.claim(pk)) and _did(claimed):
        pass


def _did(claimed: Import) -> bool:
    """Do what the import was claimed for; False where that came to nothing."""
    if claimed.user is None or not claimed.user.is_active:
        unread = claimed.state == State.READING
        claimed.pieces.all().delete()
        close(claimed, State.NOT_READ if unread else State.REFUSED, said=GONE, ended_at=Now())
        return False
    try:
        STEPS[State(claimed.state)](claimed)
    except LostClaim:
        logger.warning("%s took longer than its lease: what this worker did was taken back", claimed.name)
        return False
    except (OperationalError, InterfaceError, OSError):
        # Somebody held a row for too long, the database went away, or no process can be started.
        interrupted(claimed)
        raise
    return True
