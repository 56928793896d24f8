"""Whether checks still run at all."""
