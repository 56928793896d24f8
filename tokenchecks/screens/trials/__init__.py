"""Checks of what is typed and not saved."""
