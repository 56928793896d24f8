"""The versions that somebody who helps with a case needs."""

import platform
from importlib.metadata import version
from typing import Any

from django.db import connection

from configurator.version import VERSION


def versions() -> dict[str, str]:
    """Return the versions of the product and of what it is built on."""
    server: Any = connection
    number = server.pg_version
    return {
        "Configurator": VERSION,
        "Python": platform.python_version(),
        "Django": version("Django"),
        "msal": version("msal"),
        "Celery": version("celery"),
        "PostgreSQL": f"{number // 10_000}.{number % 10_000}",
    }
