"""Reading files: rows of text from whatever was uploaded, or one clear message."""

from imports.reading.bad import BadFile
from imports.reading.files import read

__all__ = ["BadFile", "read"]
