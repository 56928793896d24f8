"""Replacing a client secret: the slots, the test of the next one, the switch and the rollback."""
