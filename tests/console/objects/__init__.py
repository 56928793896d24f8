"""Tests of the pages of objects."""
