"""Fixtures of the rules of queue groups and of roles."""

from tests.rules import pytest_generate_tests

__all__ = ["pytest_generate_tests"]
