"""One connection: handshake, then request after request until the client or a fault ends it."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from socketserver import StreamRequestHandler
from typing import TYPE_CHECKING

from demo import answers, discovery, grants, graph
from demo.call import Call, recognise
from demo.control import control
from demo.graph_answers import GraphError
from demo.graph_answers import error as graph_error
from demo.mischief import Delivery, deliver
from demo.wire import Request, Response, UnreadableError, read_request

if TYPE_CHECKING:
    from demo.server import TenantServer

HANDSHAKE = 10.0
IDLE = 120.0
NOT_FOUND = b"<h2>404 - File or directory not found.</h2>"
SERVICES: dict[str, Callable[[Call], Response]] = {
    "discovery": discovery.discovery,
    "realm": discovery.realm,
    "instance": discovery.instance,
    "token": grants.token,
    "graph": graph.graph,
}


class Connection(StreamRequestHandler):
    server: "TenantServer"
    request: ssl.SSLSocket
    disable_nagle_algorithm = True

    def setup(self) -> None:
        plain: socket.socket = self.request
        plain.settimeout(HANDSHAKE)
        self.request = self.server.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        super().setup()
        self.server.busy(self.request)

    def handle(self) -> None:
        with suppress(OSError):
            self._handshake()
            try:
                while self._one():
                    pass
            except UnreadableError:
                self.request.sendall(Response(400).encode(close=True))

    def finish(self) -> None:
        self.server.forget(self.request)
        with suppress(OSError):
            super().finish()
        self.request.close()

    def _handshake(self) -> None:
        self.request.do_handshake()
        self.request.settimeout(IDLE)
        self.server.tenant.journal.connected()

    def _one(self) -> bool:
        """Answer one request; False when the connection is to end."""
        if not self.server.idle(self.request):
            return False
        request = read_request(self.rfile)
        if request is None:
            return False
        self.server.busy(self.request)
        return self._answer(request)

    def _answer(self, request: Request) -> bool:
        tenant = self.server.tenant
        call = recognise(request, tenant.world)
        if call.endpoint == "control":
            self.request.sendall(control(call, tenant).encode())
            return request.keep_alive
        fault = tenant.faults.take(call.facts) if call.endpoint else None
        delivery = deliver(fault, call, lambda: _serve(call))
        tenant.journal.note(call, delivery.response.status, fault)
        return self._send(delivery, close=not request.keep_alive)

    def _send(self, delivery: Delivery, *, close: bool) -> bool:
        if delivery.pieces is None:
            self.request.sendall(delivery.response.encode(close=close))
            return not close
        for piece in delivery.pieces:
            if delivery.pause and self.server.stopping.wait(delivery.pause):
                return False
            self.request.sendall(piece)
        return not (close or delivery.close)


def _serve(call: Call) -> Response:
    service = SERVICES.get(call.endpoint)
    if service is None:
        return Response(404, NOT_FOUND, {"Content-Type": "text/html"})
    try:
        return service(call)
    except answers.EntraError as refused:
        return answers.aadsts(call, refused.code, field=refused.field)
    except GraphError as refused:
        return graph_error(call, refused.status, refused.code, refused.message)
