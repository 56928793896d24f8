"""Tests of findings, alarms and problems."""
