"""The Celery application: ``celery -A configurator worker`` and ``beat``."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "configurator.settings")

app = Celery("configurator")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def collect_less_often(**_: Any) -> None:
    """Have Python look for cycles less often, and never again in what is loaded once.

    Its own pace took a quarter of the CPU time in which an import was applied.
    """
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
