"""The migrations make the tables that the models describe."""

from io import StringIO

import pytest
from django.core.management import call_command

MAKE = "python -m configurator.local .venv/bin/python manage.py makemigrations"


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    planned = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=planned, no_color=True)
    except SystemExit:
        pytest.fail(f"The models changed and no migration says so: run `{MAKE}`. It would make:\n{planned.getvalue()}")
