"""Replacing a client secret: the two slots, the test of the next one, the switch and the way back."""
