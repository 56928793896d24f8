"""Sealed secrets: what is typed once is stored encrypted, and opened only for the place that it was typed for."""
