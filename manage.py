#!/usr/bin/env python
"""Django's command-line utility for administrative tasks."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "configurator.settings")
    if sys.argv[1:] == ["run"]:
        # Before the settings are read: they need the keys and addresses that the runner makes.
        from configurator.local.runner import main as run  # noqa: PLC0415  only for this command

        run()
        return
    if sys.argv[1:2] == ["explain"]:
        # Without settings: to explain an error text no console need be running.
        from tokenchecks.management.commands.explain import Command  # noqa: PLC0415  only for this command

        Command().run_from_argv(sys.argv)
        return
    from django.core.management import execute_from_command_line  # noqa: PLC0415  Django's own order

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
