"""Tests of users, roles and queue groups."""
