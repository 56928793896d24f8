"""Exports: the rows that a list's filters select, as a file. The columns are declared in each app's exports.py."""
