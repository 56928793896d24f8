"""How a notice leaves: its message, mail and webhook."""
