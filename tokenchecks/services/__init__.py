"""Writes to check runs, rounds and watches."""
