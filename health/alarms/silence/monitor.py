"""The silence monitor: a thread in each worker and in the clock that opens an alarm when no checks run.

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
NAME = "silence monitor"


def start(**_: Any) -> None:
    """Start the thread, once a process; what waits since before gets one interval to begin."""
    if not any(thread.name == NAME for thread in threading.enumerate()):
        threading.Thread(target=run, args=(threading.Event(),), name=NAME, daemon=True).start()


def run(stop: threading.Event) -> None:
    """Check every half minute until ``stop`` is set; a failure does not end the thread."""
    interval = min(INTERVAL, settings.SILENT_AFTER.total_seconds() / 2)
    while not stop.wait(interval):
        try:
            services.reconcile_silence()
        except Error as error:
            fault = fault_of(error) or AWAY
            logger.warning("the silence monitor cannot read the database: %s (%s)", fault.log, type(error).__name__)
        finally:
            connection.close()
