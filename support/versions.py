"""What runs here, as a case with somebody else wants to know it."""

import platform
from importlib.metadata import version
from typing import Any

from django.db import connection

from configurator.version import VERSION


def versions() -> dict[str, str]:
    """Return the versions of the product and of what it stands on."""
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
