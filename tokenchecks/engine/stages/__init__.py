"""The stages of a check, in their order."""
