"""Exports: the rows that a list's filters select, as a file. The columns are declared in each app's exports.py.

A file is sent while it is read: one query under a cursor of the database, tuples rather than records.
"""
