"""Fixtures of every test."""

pytest_plugins = ["tests.database", "tests.people", "tests.worker"]
