"""A private Valkey (Redis protocol): the broker between web and worker."""

import secrets
import socket
import time
from pathlib import Path

from configurator.local.binaries import valkey_server
from configurator.local.log import Log
from configurator.local.ports import free_port
from configurator.local.processes import Program, StackError

CONFIG = """
bind 127.0.0.1
port {port}
requirepass {password}
dir "{directory}"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
loglevel warning
daemonize no
"""
ANSWER = b"+OK\r\n+PONG\r\n"


class Valkey(Program):
    """A Valkey server on the loopback, with a password, on a free port that it keeps when started again."""

    def __init__(self, directory: Path, log: Log) -> None:
        super().__init__("valkey", log)
        self.directory = directory
        self.port = free_port()
        self._password = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server and return when it answers."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.cwd = self.directory
        directory = str(self.directory).replace("\\", "\\\\").replace('"', '\\"')
        config = CONFIG.format(port=self.port, password=self._password, directory=directory)
        # By standard input, since everybody on the machine can read a command line.
        self.launch([str(valkey_server()), "-"], stdin=config.encode())
        deadline = time.monotonic() + 20
        while not self._answers():
            if self.exit_code() is not None or time.monotonic() > deadline:
                self.stop()
                raise StackError(f"Valkey did not start: {self.log.last(self.name)}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        """Return whether the server accepts the password and answers a ping."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                answer = b""
                while len(answer) < len(ANSWER) and (more := connection.recv(256)):
                    answer += more
        except OSError:
            return False
        return answer == ANSWER
