"""What goes wrong in a rehearsal."""


class RehearsalError(Exception):
    """The rehearsal cannot go on; the message is one line that says what failed."""
