"""Tests of what is checked."""
