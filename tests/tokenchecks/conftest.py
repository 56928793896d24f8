"""Who asks for checks."""

import pytest
from django.test import Client

from tests.people import As


@pytest.fixture
def admin(signed_in: As) -> Client:
    """Return an administrator's browser."""
    return signed_in("admin")
