"""Tests of speaking with Microsoft."""
