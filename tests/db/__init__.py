"""Tests of what goes past the ORM."""
