"""Reading files in a child process: rows of text from whatever was uploaded, or one clear message."""

from imports.reader.bad import BadFile
from imports.reading.files import File, FileRow, read

__all__ = ["BadFile", "File", "FileRow", "read"]
