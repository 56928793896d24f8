"""Every write to findings."""

from findings.services.acknowledging import acknowledge, take_back
from findings.services.looking import look, look_at

__all__ = ["acknowledge", "look", "look_at", "take_back"]
