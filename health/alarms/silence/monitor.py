"""The watchman: a thread in each worker and in the clock that looks whether checks still run, and tells when not.

It needs no worker, no clock and no broker: it reads the database and sends by itself.  So the clock tells of dead
workers, and workers of a dead clock; when both are dead, the banner of the pages still says so.
"""

import logging
import threading
from typing import Any

from django.conf import settings
from django.db import Error, connection

from configurator.db.faults import AWAY, fault_of
from health.alarms import services

logger = logging.getLogger(__name__)

INTERVAL = 30.0


def begin(**_: Any) -> None:
    """Start the thread, once a process; what waits since before gets one interval to begin."""
    if not any(thread.name == "watchman" for thread in threading.enumerate()):
        threading.Thread(target=watch, args=(threading.Event(),), name="watchman", daemon=True).start()


def watch(stop: threading.Event) -> None:
    """Look again and again until told to stop; whatever fails, the next look comes."""
    interval = min(INTERVAL, settings.SILENT_AFTER.total_seconds() / 2)
    while not stop.wait(interval):
        try:
            services.look_for_silence()
        except Error as error:
            fault = fault_of(error) or AWAY
            logger.warning("the watchman cannot look: %s (%s)", fault.log, type(error).__name__)
        finally:
            connection.close()
