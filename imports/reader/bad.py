"""What is wrong with a file as a whole."""


class BadFile(Exception):
    """The file cannot be read; its text says what is wrong and what to do."""
