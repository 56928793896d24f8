"""The check: settings, tenant, token, claims, mailbox; each leaves a result, the first broken one ends it."""

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from typing import Final

from mailsettings.clouds import BY_LOGIN_HOST
from tokenchecks.engine import claims as claiming
from tokenchecks.engine import settings_stage
from tokenchecks.engine.answers import FederatedError, RefusedError, TenantDocument, TokenAnswer
from tokenchecks.engine.claims import read_claims
from tokenchecks.engine.entra import Gateway, issuer_host, token_host
from tokenchecks.engine.evidence import reads_own_mailbox, same
from tokenchecks.engine.graph import probe_inbox
from tokenchecks.engine.report import Reporter
from tokenchecks.engine.results import STAGES, Outcome, Stage, StageResult
from tokenchecks.engine.subject import Subject, is_guid
from tokenchecks.engine.transport import TransportError

NEEDS_ADDRESS: Final = (
    "OAuth User signs in as the account of an address: check one of the addresses that use this server."
)
NEEDS_MAILBOX: Final = "A server has no mailbox of its own: check one of the addresses that use it."
NO_MAILBOX: Final = "Sending opens no mailbox; the right to send was looked up in the token."

OnStage = Callable[[StageResult], object]


def run(subject: Subject, gateway: Gateway, on_stage: OnStage = lambda _: None) -> Outcome:
    """Check the subject live; `on_stage` hears each result as it comes, and only it can raise."""
    check = _Check(subject, gateway)
    results: list[StageResult] = []
    for stage in STAGES:
        broken = any(result.outcome == "broken" for result in results)
        result = StageResult(stage, "not_reached") if broken else check.stage(stage)
        results.append(result)
        on_stage(result)
    return Outcome(tuple(results))


class _Check:
    """One check on its way through the stages."""

    def __init__(self, subject: Subject, gateway: Gateway) -> None:
        self._subject = subject
        self._gateway = gateway
        self._report = Reporter(subject)
        self._document: TenantDocument
        self._answer: TokenAnswer

    def stage(self, stage: Stage) -> StageResult:
        """Run one stage and time it; whatever goes wrong becomes its result."""
        unneeded = self._unneeded(stage)
        if unneeded:
            return StageResult(stage, "not_needed", detail=unneeded)
        started = time.monotonic()
        result = self._attempt(stage)
        return replace(result, ms=round((time.monotonic() - started) * 1000))

    def _attempt(self, stage: Stage) -> StageResult:
        acts: dict[Stage, Callable[[], StageResult]] = {
            "settings": self._settings,
            "tenant": self._tenant,
            "token": self._token,
            "claims": self._claims,
            "mailbox": self._mailbox,
        }
        try:
            return acts[stage]()
        except RefusedError as error:
            return self._report.refused(stage, error.refusal)
        except TransportError as error:
            return self._report.unreachable(stage, error)
        except FederatedError:
            return self._report.found(stage, "broken", ["federated"])
        except Exception as error:  # noqa: BLE001  a fault of ours is a result too, not the end of the run
            return self._report.failed(stage, error)

    def _unneeded(self, stage: Stage) -> str:
        """Say why the subject does not need the stage; empty when it does."""
        asks_alone = self._subject.kind == "incoming" and not self._subject.is_service
        if asks_alone and stage in {"token", "claims", "mailbox"}:
            return NEEDS_ADDRESS
        if stage == "mailbox" and self._subject.kind != "address":
            return NEEDS_MAILBOX if self._subject.kind == "incoming" else NO_MAILBOX
        return ""

    def _settings(self) -> StageResult:
        faults = list(settings_stage.faults(self._subject))
        doubts = list(settings_stage.doubts(self._subject))
        if faults or doubts:
            return self._report.found("settings", "broken" if faults else "warning", chain(faults, doubts))
        return self._report.ok("settings", "complete")

    def _tenant(self) -> StageResult:
        subject = self._subject
        self._document = document = self._gateway.discover(subject.login_host, subject.tenant.strip())
        host = token_host(document.token_endpoint)
        if not host:
            return self._report.found("tenant", "broken", ["endpoint_foreign"])
        # The outgoing server has no field for a login host: there the tenant's own document decides.
        if subject.kind != "outgoing" and BY_LOGIN_HOST[host] != BY_LOGIN_HOST[subject.login_host]:
            return self._report.found("tenant", "broken", ["tenant_in_other_cloud"], BY_LOGIN_HOST[host].name)
        if is_guid(subject.tenant) and document.tenant_id and not same(document.tenant_id, subject.tenant):
            return self._report.found("tenant", "broken", ["tenant_not_the_one_asked"], document.tenant_id)
        if document.issuer and not issuer_host(document.issuer):
            return self._report.found("tenant", "warning", ["issuer_foreign"])
        region = f" (region {document.region})" if document.region else ""
        return self._report.ok(
            "tenant", f"{document.tenant_id or subject.tenant}, found{region}", document.correlation_id
        )

    def _token(self) -> StageResult:
        if self._subject.refused:
            return self._subject.refused
        ask = self._gateway.service_token if self._subject.is_service else self._gateway.user_token
        self._answer = ask(self._subject, self._document)
        return self._report.ok("token", "issued", self._answer.correlation_id)

    def _claims(self) -> StageResult:
        claims = read_claims(self._answer.token)
        if claims is None:
            return self._report.found("claims", "warning", ["claims_unreadable"])
        rights = ", ".join(sorted(claims.rights)) or "no right"
        faults = list(claiming.faults(claims, self._subject, self._document))
        doubts = list(claiming.doubts(claims, self._subject, self._answer.server_time))
        if claims.may_read:
            self._report.flags |= {"has_role"} if self._subject.is_service else frozenset()
        elif not self._subject.is_service:
            self._report.flags |= {"no_scope"}
        if faults or doubts:
            found = chain(faults, doubts)
            return self._report.found("claims", "broken" if faults else "warning", found, f"In the token: {rights}")
        return self._report.ok("claims", self._report.redactor.clean(rights))

    def _mailbox(self) -> StageResult:
        own = not self._subject.is_service and reads_own_mailbox(self._subject)
        mailbox = None if own else self._subject.reads
        try:
            inbox = probe_inbox(self._gateway.http, self._document.graph_host, self._answer.token, mailbox)
        except RefusedError:
            self._report.redactor.add(self._answer.token)
            raise
        counts = f", {inbox.total} messages, {inbox.unread} unread" if inbox.total is not None else ""
        return self._report.ok("mailbox", f"{self._subject.reads} opened{counts}", inbox.correlation_id)
