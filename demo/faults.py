"""Faults that a test or a visitor switches on: what is to go wrong, for whom, how often."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any, TypedDict, cast

from demo.certificates import BAD
from demo.clouds import GRAPH_HOSTS
from demo.world import fold

ENDPOINTS = ("discovery", "realm", "token", "graph", "instance")
MATCHES = ("endpoint", "host", "tenant", "client_id", "username", "mailbox")
# Kinds that only make sense at one endpoint apply there unless the match names another.
HOME = {"aadsts": "token", "claims": "token", "opaque": "token", "graph": "graph", "document": "discovery"}
KINDS = (
    *HOME, "throttle", "status", "slow", "drip", "garbage", "oversized", "redirect", "close", "echo_secret",
    "bad_certificate",
)  # fmt: skip

TYPES: dict[str, tuple[type, ...]] = {
    "kind": (str,),
    "match": (dict,),
    "times": (int, type(None)),
    "code": (int, str),
    "status": (int,),
    "message": (str,),
    "retry_after": (str, int),
    "seconds": (int, float),
    "part": (str,),
    "size": (int,),
    "announce": (bool,),
    "location": (str,),
    "certificate": (str,),
    "fields": (dict,),
    "headers": (dict,),
}
Facts = Mapping[str, frozenset[str]]


class FaultOptions(TypedDict, total=False):
    kind: str
    match: Mapping[str, str]
    times: int | None
    code: int | str
    status: int
    message: str
    retry_after: str | int
    seconds: float
    part: str
    size: int
    announce: bool
    location: str
    certificate: str
    fields: Mapping[str, Any]
    headers: Mapping[str, str]


@dataclass(slots=True)
class Fault:
    """One fault; which of the options count depends on the kind (see demo/README.md)."""

    kind: str
    match: Mapping[str, str] = field(default_factory=dict)
    times: int | None = None
    code: int | str = 0
    status: int = 0
    message: str = ""
    retry_after: str | int = 30
    seconds: float = 0.5
    part: str = "body"
    size: int = 1 << 30
    announce: bool = False
    location: str = "http://captive-portal.example/sign-in"
    certificate: str = "other_name"
    fields: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    id: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"Unknown kind of fault {self.kind!r}; known: {', '.join(KINDS)}.")
        if unknown := set(self.match) - set(MATCHES):
            raise ValueError(f"Unknown match {', '.join(sorted(unknown))}; known: {', '.join(MATCHES)}.")
        if self.match.get("endpoint", "token") not in ENDPOINTS:
            raise ValueError(f"Unknown endpoint; known: {', '.join(ENDPOINTS)}.")
        if self.certificate not in BAD:
            raise ValueError(f"Unknown certificate; known: {', '.join(BAD)}.")
        if self.kind == "aadsts":
            self.code = int(self.code)
        if self.kind in HOME:
            self.match = {"endpoint": HOME[self.kind], **self.match}
        self.match = {name: fold(str(value)) for name, value in self.match.items()}

    def fits(self, facts: Facts) -> bool:
        return all(value in facts.get(name, frozenset()) for name, value in self.match.items())

    def fits_handshake(self, host: str) -> bool:
        """Only the host is known when a certificate is shown."""
        endpoint = self.match.get("endpoint")
        graph = host in GRAPH_HOSTS
        return self.match.get("host", host) == host and (endpoint is None or (endpoint == "graph") == graph)


class Faults:
    """The faults in force, oldest first; the newest that matches wins."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = count(1)
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            fault.id = next(self._ids)
            self._faults = [*self._faults, fault]
        return fault

    def clear(self, id_: int | None = None) -> None:
        with self._lock:
            self._faults = [] if id_ is None else [fault for fault in self._faults if fault.id != id_]

    def take(self, facts: Callable[[], Facts]) -> Fault | None:
        """Return the fault that matches this request, and count it."""
        if not self._faults:
            return None
        known = facts()
        return self._first(lambda fault: fault.kind != "bad_certificate" and fault.fits(known))

    def take_handshake(self, host: str) -> Fault | None:
        if not self._faults:
            return None
        return self._first(lambda fault: fault.kind == "bad_certificate" and fault.fits_handshake(host))

    def listing(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._faults]

    def _first(self, fits: Callable[[Fault], bool]) -> Fault | None:
        with self._lock:
            for fault in reversed(self._faults):
                if (fault.times is None or fault.hits < fault.times) and fits(fault):
                    fault.hits += 1
                    return fault
        return None


def read_options(raw: Mapping[str, Any]) -> FaultOptions:
    """The options of a fault from JSON; ValueError or TypeError says what does not fit."""
    for name, value in raw.items():
        if name not in TYPES:
            raise ValueError(f"Unknown option {name!r}; known: {', '.join(TYPES)}.")
        if not isinstance(value, TYPES[name]):
            raise TypeError(f"{name} has the wrong type.")
    return cast("FaultOptions", dict(raw))
