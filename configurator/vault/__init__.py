"""Sealed secrets: typed once, stored encrypted, opened only for the destination that they were typed for."""
