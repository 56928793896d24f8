"""Every write to findings."""

from health.findings.services.acknowledging import acknowledge, take_back
from health.findings.services.looking import look, look_at

__all__ = ["acknowledge", "look", "look_at", "take_back"]
