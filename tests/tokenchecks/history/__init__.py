"""Tests of the past of subjects."""
