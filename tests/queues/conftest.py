"""What the tests of the queue screens share."""

from tests.rules import pytest_generate_tests

__all__ = ["pytest_generate_tests"]
