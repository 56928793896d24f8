"""What a worker does with an import: the dry run or the application, and what is told where it is broken off."""

import logging
import uuid

from django.db import InterfaceError, OperationalError

from imports import services
from imports.models import State
from imports.progress import LostClaim, close
from imports.services.sweeping import interrupted

logger = logging.getLogger(__name__)


def work(pk: uuid.UUID) -> None:
    """Claim the import and do what it waits for; nothing when somebody else has it."""
    claimed = services.claim(pk)
    if claimed is None:
        return
    if claimed.user is None or not claimed.user.is_active:
        close(claimed, State.REFUSED, said="Whoever asked for it may not sign in any more.")
        return
    try:
        if claimed.state == State.APPLYING:
            services.apply(claimed)
        else:
            services.dry_run(claimed)
    except LostClaim:
        logger.warning("%s took longer than its lease: what this worker did was taken back", claimed.name)
    except (OperationalError, InterfaceError):
        # Somebody held a row for too long, or the database went away: then this fails too, and the sweep tells it.
        interrupted(claimed)
        raise
