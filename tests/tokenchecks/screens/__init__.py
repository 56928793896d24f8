"""Tests of the pages of checks."""
