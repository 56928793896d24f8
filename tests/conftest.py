"""Fixtures of every test."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.database", "tests.people", "tests.worker"]

# The machine may be slow and the first run has no examples kept; what is tested is what holds, not how fast.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
