"""One document and one token for all that need the same, within one batch of checks and no longer."""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Final, Generic, TypeVar

from configurator.vault.text import Secret
from tokenchecks.engine.answers import FederatedError, RefusedError, TenantDocument, TokenAnswer
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.microsoft.transport import TransportError
from tokenchecks.engine.redact import Redactor
from tokenchecks.engine.subject import Subject

T = TypeVar("T")
Proof = tuple[Secret | None, ...]
# Errors that are shared like a success: all that wait for the answer get them.
ANSWERED: Final = (RefusedError, TransportError, FederatedError)


@dataclass(eq=False)
class _Slot(Generic[T]):
    """One request, and its answer once it is there; secrets compare but are not hashable, so they are no keys."""

    proof: Proof
    lock: threading.Lock = field(default_factory=threading.Lock)
    answer: T | Exception | None = None


class _Once(Generic[T]):
    """The first caller requests; the others wait and get the same answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._slots: dict[Hashable, list[_Slot[T]]] = {}

    def get(self, key: Hashable, proof: Proof, ask: Callable[[], T]) -> T:
        """Return what ``ask`` returned, or raise what it raised, for the first caller with this key and proof."""
        slot = self._slot(key, proof)
        with slot.lock:
            if slot.answer is None:
                try:
                    slot.answer = ask()
                except ANSWERED as error:
                    slot.answer = error
        if isinstance(slot.answer, Exception):
            raise slot.answer.with_traceback(None)
        return slot.answer

    def _slot(self, key: Hashable, proof: Proof) -> _Slot[T]:
        with self._lock:
            slots = self._slots.setdefault(key, [])
            found = next((slot for slot in slots if slot.proof == proof), None)
            if found is None:
                slots.append(found := _Slot(proof))
            return found


class SharedGateway(Gateway):
    """A gateway for one batch: fetches each document and each token once, over the process's connections.

    Nothing outlives the batch, so that the next one is live again.
    """

    def __init__(self, gateway: Gateway) -> None:
        self.http = gateway.http
        self._gateway = gateway
        self._documents: _Once[TenantDocument] = _Once()
        self._tokens: _Once[TokenAnswer] = _Once()
        self._redactors: _Once[Redactor] = _Once()
        self.redactor = self._redactor
        self._salt = token_bytes(16)

    def _redactor(self, secrets: tuple[Secret, ...]) -> Redactor:
        key = tuple(secret.fingerprint(self._salt) for secret in secrets)
        return self._redactors.get(key, secrets, lambda: Redactor(secrets))

    def discover(self, login_host: str, tenant: str) -> TenantDocument:
        return self._documents.get(
            (login_host, tenant.casefold()), (), lambda: self._gateway.discover(login_host, tenant)
        )

    def service_token(self, subject: Subject, document: TenantDocument) -> TokenAnswer:
        key = (document.token_endpoint, document.graph_host, subject.client_id)
        return self._tokens.get(key, (subject.secret,), lambda: self._gateway.service_token(subject, document))

    def user_token(self, subject: Subject, document: TenantDocument) -> TokenAnswer:
        account = (subject.account or "").strip().casefold()
        key = (document.token_endpoint, document.graph_host, subject.client_id, account)
        proof = (subject.secret, subject.password)
        return self._tokens.get(key, proof, lambda: self._gateway.user_token(subject, document))
