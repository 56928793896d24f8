"""Every write to findings."""

from health.findings.services.reconcile import reconcile, reconcile_objects

__all__ = ["reconcile", "reconcile_objects"]
