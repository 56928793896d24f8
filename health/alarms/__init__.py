"""Alarms: what broke or will end, the notices of it, and acknowledged warnings."""
