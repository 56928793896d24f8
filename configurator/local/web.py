"""gunicorn's settings, here and in the image: ``gunicorn --config python:configurator.local.web``."""

import signal
from typing import Any

from configurator.local.launch import die_with

wsgi_app = "configurator.wsgi"
worker_class = "configurator.local.serving.ServingWorker"
workers = 2
threads = 4
# The application is loaded once, not by each worker.
preload_app = True
# After so many seconds an unfinished request counts as hung, and its worker is replaced.
timeout = 90
graceful_timeout = 20
# Its default is the home directory, which need not exist.
control_socket_disable = True


def post_fork(_server: Any, worker: Any) -> None:
    """End with the server process even when that was killed in the middle of a request."""
    die_with(worker.ppid, signal.SIGKILL)
