"""The audit log, one event, the configuration as of a moment, and comparisons."""
