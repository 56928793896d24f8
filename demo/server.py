"""The demo tenant as a server: in a thread of the caller's process, or as a process of its own."""

import json
import socket
import ssl
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from socketserver import TCPServer, ThreadingMixIn
from typing import Any, Self, Unpack

from demo import certificates, lockout, store
from demo.clouds import HOSTS
from demo.faults import Fault, FaultOptions, Faults
from demo.handler import Connection
from demo.journal import Journal


class TenantServer(ThreadingMixIn, TCPServer):
    """Accepts connections on loopback and gives each a thread; the handshake happens there, not here."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, tenant: "DemoTenant", port: int) -> None:
        self.tenant = tenant
        self.stopping = threading.Event()
        self._open: dict[socket.socket, bool] = {}
        self._leaving: set[socket.socket] = set()
        self._bad: dict[str, ssl.SSLContext] = {}
        self.context = certificates.server_context(tenant.authority)
        self.context.sni_callback = self._choose
        super().__init__(("127.0.0.1", port), Connection)

    def _choose(self, sock: ssl.SSLObject, host: str | None, _context: ssl.SSLContext) -> None:
        """Show another certificate where a fault says so."""
        fault = self.tenant.faults.take_handshake(host or "")
        if fault is None:
            return
        if fault.certificate not in self._bad:
            self._bad[fault.certificate] = certificates.bad_context(self.tenant.authority, fault.certificate)
        sock.context = self._bad[fault.certificate]

    def idle(self, sock: socket.socket) -> bool:
        """Mark the connection as waiting for a request; False when it has to end."""
        self._open[sock] = True
        return sock not in self._leaving

    def busy(self, sock: socket.socket) -> None:
        self._open[sock] = False

    def forget(self, sock: socket.socket) -> None:
        self._open.pop(sock, None)
        self._leaving.discard(sock)

    def hang_up(self, *, everybody: bool = False) -> None:
        """End idle connections, and the others after their answer, so that the next request begins with a handshake."""
        for sock, idle in list(self._open.items()):
            self._leaving.add(sock)
            # Checked again, since it may have begun to wait before it was marked to end.
            if idle or everybody or self._open.get(sock):
                with suppress(OSError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def end(self) -> None:
        """Stop accepting, end all connections and wait a little for their threads."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        self.hang_up(everybody=True)
        for _ in range(100):
            if self._open:
                time.sleep(0.01)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print a fault of ours; a client that hangs up is none."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class DemoTenant:
    """A simulated Entra and Graph that keeps its world in a directory."""

    def __init__(self, directory: Path, *, port: int = 0) -> None:
        self.directory = directory
        self.ca_file = directory / "ca.pem"
        self.faults = Faults()
        self.journal = Journal()
        self.authority, self.world = store.load(directory)
        self.authority.cert_pem.write_to_path(self.ca_file)
        self._server = TenantServer(self, port)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True, name="demo-tenant"
        )

    @property
    def connect_to(self) -> str:
        """The value of ENTRA_CONNECT_TO that brings a client here."""
        return ",".join(f"{host}=127.0.0.1:{self.port}" for host in HOSTS)

    def start(self) -> None:
        self._thread.start()
        facts = {"port": self.port, "ca_file": str(self.ca_file), "connect_to": self.connect_to}
        fresh = self.directory / "tenant.json.new"
        fresh.write_text(json.dumps(facts), encoding="utf-8")
        fresh.replace(self.directory / "tenant.json")

    def stop(self) -> None:
        self._server.end()
        (self.directory / "tenant.json").unlink(missing_ok=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def fault(self, **options: Unpack[FaultOptions]) -> Fault:
        """Switch a fault on, for example fault(kind="aadsts", code=50076, match={"username": "…"})."""
        fault = self.faults.add(Fault(**options))
        if fault.kind == "bad_certificate":
            self._server.hang_up()
        return fault

    def clear(self) -> None:
        self.faults.clear()

    def reset(self) -> None:
        """Restore the world as last saved, with no fault, an empty journal and no account locked."""
        _, self.world = store.load(self.directory)
        self.faults.clear()
        self.journal.clear()
        lockout.forget()

    def save(self) -> None:
        """Save the present world for the next start."""
        store.save(self.directory, self.authority, self.world)
