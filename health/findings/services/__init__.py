"""Every write to findings."""

from health.findings.services.looking import look, look_at

__all__ = ["look", "look_at"]
