"""What a file is, by its first bytes and never by its name; what is neither text nor a workbook is refused."""

import io
import re
import struct
import zipfile
from typing import Final

from imports.reader.bad import DAMAGED, BadFile

ZIP: Final = b"PK\x03\x04"
HEAD: Final = 4096
OTHERS: Final = ", which is not read. Save the table as .xlsx or as CSV UTF-8, then choose that."
SIGNED: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF", "a PDF"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"),
    (b"BM", "a picture"), (b"\x1f\x8b", "a packed file (.gz)"), (b"7z\xbc\xaf\x27\x1c", "a packed file (.7z)"),
    (b"Rar!", "a packed file (.rar)"), (b"BZh", "a packed file (.bz2)"), (b"\xfd7zXZ", "a packed file (.xz)"),
    (b"{\\rtf", "a text with formats (.rtf)"), (b"SQLite format 3", "a database"), (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"), (b"MZ", "a program"),
)  # fmt: skip
OLE: Final = b"\xd0\xcf\x11\xe0"
PROTECTED: Final = (
    "The workbook is protected by a password, so that it cannot be read. Take the password off (File > Info > Protect "
    "Workbook), save it, then choose it again."
)
INSIDE_OLE: Final[tuple[tuple[str, str], ...]] = (
    ("EncryptedPackage", PROTECTED),
    ("__substg1.0_", f"This is a mail from Outlook (.msg){OTHERS}"),
    ("WordDocument", f"This is a document of Word (.doc){OTHERS}"),
)
OLD_EXCEL: Final = "This is a workbook of the old kind (.xls). Save it as .xlsx, then choose it again."
PARTS: Final[tuple[tuple[str, str], ...]] = (
    ("xl/workbook.bin", f"This is a binary workbook (.xlsb){OTHERS}"),
    ("word/document.xml", f"This is a document of Word (.docx){OTHERS}"),
    ("ppt/presentation.xml", f"This is a presentation (.pptx){OTHERS}"),
    ("content.xml", f"This is an OpenDocument file, such as LibreOffice's .ods{OTHERS}"),
    ("Index/Document.iwa", f"This is a file of Apple's Numbers or Pages{OTHERS}"),
)
MARKUP: Final = re.compile(r"\s*<\s*([!?/A-Za-z][^\s>]*)")
JSON: Final = re.compile(r'\s*(\{\s*("|\})|\[\s*[\[{"\]])')


def is_workbook(content: bytes) -> bool:
    """Tell a workbook from text; BadFile says what the file is where it is neither."""
    head = content[:HEAD]
    if head.startswith(OLE):
        raise BadFile(next((why for name, why in INSIDE_OLE if name.encode("utf-16-le") in content), OLD_EXCEL))
    for signature, name in SIGNED:
        if head.startswith(signature) and _is_surely(signature, head):
            raise BadFile(f"This is {name}{OTHERS}")
    if head.startswith(b"PK"):
        _refuse_other_archives(content)
        return True
    _refuse_other_texts(head.decode("utf-8-sig", "replace"))
    return False


def _is_surely(signature: bytes, head: bytes) -> bool:
    """Tell whether a signature of letters alone is not just the beginning of a text."""
    return not signature.isalpha() or b"\0" in head[:64]


def _refuse_other_archives(content: bytes) -> None:
    """Refuse an archive that holds no workbook that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, struct.error, ValueError, OSError, NotImplementedError):
        raise BadFile(DAMAGED) from None
    for part, why in PARTS:
        if part in names:
            raise BadFile(why)
    if "[Content_Types].xml" not in names:
        raise BadFile("This is a packed folder (.zip). Unpack it, and choose the file in it that is meant.")


def _refuse_other_texts(head: str) -> None:
    """Refuse text that is no table of lines."""
    if JSON.match(head):
        raise BadFile(
            f"This is a JSON file{OTHERS} An export of this console is imported in SC's own format, CSV or XLSX."
        )
    markup = MARKUP.match(head)
    if not markup:
        return
    if re.search(r"<(html|table|body|head|meta|!doctype\s+html)\b", head, re.IGNORECASE):
        raise BadFile(
            "This is a web page (HTML), as some programs write it under the name .xls. Open it in Excel, save it as "
            ".xlsx, then choose that."
        )
    raise BadFile(f"This is an XML file{OTHERS}")
