"""``manage.py run``: the whole console on this machine.

``manage.py`` hands it to the runner before it reads the settings, which need the keys and the addresses
that the runner makes; this command makes it show up in ``manage.py help``.
"""

from typing import Any

from django.core.management.base import BaseCommand

from configurator.local.runner import main


class Command(BaseCommand):
    """Start database, broker, web server, worker and clock, and keep them running."""

    help = "Start PostgreSQL, Valkey, the web server, the worker and the clock on this machine, until Ctrl-C."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        main()
