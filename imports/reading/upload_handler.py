"""Taking files in: each is encrypted into a temporary file without a name while it comes.

So a large file takes no memory, what it holds lies on no disk that can be read, and a process that ends leaves nothing.
"""

import io
from tempfile import TemporaryFile
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LENGTH: Final = 4  # bytes that hold the length of a piece
NONCE: Final = 12


class Encrypted(io.RawIOBase):
    """Bytes that are added, then read once from the beginning; their key is in this object alone."""

    def __init__(self) -> None:
        super().__init__()
        self._cipher = AESGCM(AESGCM.generate_key(bit_length=256))
        self._file = TemporaryFile()  # noqa: SIM115  closed with this object
        self._written = self._read = 0
        self._left = b""

    def add(self, piece: bytes) -> None:
        sealed = self._cipher.encrypt(self._written.to_bytes(NONCE, "big"), piece, None)
        self._file.write(len(sealed).to_bytes(LENGTH, "big") + sealed)
        self._written += 1

    def rewind(self) -> None:
        self._file.seek(0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as the next piece goes, and return with how many bytes."""
        if not self._left and self._read < self._written:
            length = int.from_bytes(self._file.read(LENGTH), "big")
            self._left = self._cipher.decrypt(self._read.to_bytes(NONCE, "big"), self._file.read(length), None)
            self._read += 1
        some, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(some)] = some
        return len(some)

    def close(self) -> None:
        """Let go of the file, which is gone then."""
        self._file.close()
        super().close()


class EncryptingHandler(FileUploadHandler):
    """Takes in a file that is not too large; of one that is too large nothing is kept, and the form says so."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Look at the length of the request."""
        _, _, content_length, *_ = args
        self.fits = content_length <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = Encrypted()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.fits:
            self.file.add(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """Return the file, ready to be read."""
        if not self.fits:
            self.file.close()
            return None
        self.file.rewind()
        stream: Any = io.BufferedReader(self.file)
        return UploadedFile(stream, self.file_name, self.content_type, file_size, self.charset)
