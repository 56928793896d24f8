"""Sealed secrets: typed once, stored encrypted, opened only for the place that they were typed for."""
