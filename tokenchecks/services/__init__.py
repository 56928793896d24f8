"""Writes to check runs, rounds and watches that pages and commands ask for."""
