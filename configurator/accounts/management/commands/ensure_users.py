"""Create or update users from standard input, so that no password is in a command line."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from configurator.accounts.actor import Actor
from configurator.accounts.services import user_ensure


class Command(BaseCommand):
    """Read ``[{"username", "password", "role"}]`` as JSON from standard input and make each user so."""

    help = "Create or refresh users from JSON on standard input: [{username, password, role}]."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            users = json.load(sys.stdin)
            for user in users:
                user_ensure(actor=Actor.system("ensure_users"), **user)
        except (TypeError, ValueError) as error:
            raise CommandError('Give a JSON list of {"username", "password", "role"} on standard input.') from error
