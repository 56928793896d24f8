"""What is wrong with a file as a whole."""

DAMAGED = (
    "The file cannot be read: it is damaged, or not made by a spreadsheet. Open it in Excel and save it as .xlsx or as "
    "CSV UTF-8."
)


class BadFile(Exception):
    """The file cannot be read; its text says what is wrong and what to do."""
