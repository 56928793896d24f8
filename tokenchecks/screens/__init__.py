"""The pages of checks."""
