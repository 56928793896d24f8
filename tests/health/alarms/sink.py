"""A mail server that keeps what it is given, or refuses it."""

import socketserver
import threading
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Self


class MailSink:
    """Speaks as much SMTP as it takes to be given a mail; ``refuse`` is what it answers to the recipient instead."""

    def __init__(self) -> None:
        """Listen on the loopback."""
        self.mails: list[EmailMessage] = []
        self.refuse = ""
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.port: int = self.server.server_address[1]

    @property
    def url(self) -> str:
        """The address for EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def subjects(self) -> list[str]:
        """The subject lines that came."""
        return [str(mail["Subject"]).strip() for mail in self.mails]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()

    def _handler(self) -> type["Conversation"]:
        return type("Bound", (Conversation,), {"sink": self})


class Conversation(socketserver.StreamRequestHandler):
    """What the sink says to one client."""

    sink: MailSink

    def handle(self) -> None:
        """Answer line by line."""
        self.say("220 sink")
        while (line := self.rfile.readline()) and not line.upper().startswith(b"QUIT"):
            if line.upper().startswith(b"DATA"):
                self.take()
            elif line.upper().startswith(b"RCPT") and self.sink.refuse:
                self.say(self.sink.refuse)
            else:
                self.say("250 sink")
        self.say("221 bye")

    def take(self) -> None:
        """Keep a mail."""
        self.say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.sink.mails.append(message_from_bytes(b"".join(lines), policy=default))
        self.say("250 taken")

    def say(self, text: str) -> None:
        """Answer with a line."""
        with suppress(OSError):
            self.wfile.write(f"{text}\r\n".encode())


def in_text(mail: Any) -> str:
    """Return the mail's plain text."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return str(part.get_payload(decode=True).decode())
