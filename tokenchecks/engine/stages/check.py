"""The check: settings, tenant, token, claims, mailbox, right to send, end date; each stage returns a result.

A broken stage ends the check, except the mailbox: its failure says nothing of the token, from which the right to send
and the end date are read.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Final

from tokenchecks.engine.answers import FederatedError, RefusedError
from tokenchecks.engine.explain.facts import FACTS
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.microsoft.transport import UNSENT, TransportError
from tokenchecks.engine.results import STAGES, Outcome, Stage, StageResult
from tokenchecks.engine.stages import settings
from tokenchecks.engine.stages.context import CheckContext
from tokenchecks.engine.stages.expiry import check_expiry
from tokenchecks.engine.stages.mailbox import check_mailbox
from tokenchecks.engine.stages.send import check_send, send_mail
from tokenchecks.engine.stages.tenant import check_tenant
from tokenchecks.engine.stages.tokens import check_claims, check_token
from tokenchecks.engine.subject import Subject

NEEDS_ADDRESS: Final = (
    "OAuth User signs in as the account of an address: check one of the addresses that use this server."
)
NEEDS_MAILBOX: Final = "A server has no mailbox of its own: check one of the addresses that use it."
NO_MAILBOX: Final = "Sending opens no mailbox."
NO_SENDER: Final = "Sender is not ticked: nothing is sent from here."
SERVER_SENDS_NOTHING: Final = "A server sends nothing itself: each address with Sender ticked is checked for it."
NOTHING_TO_END: Final = "OAuth User signs in with the account's password; there is no secret that could end."
ENDS_AT_SERVER: Final = "The secret is the e-mail server's: its check tells when it ends."
MAY_HAVE_LEFT: Final = "Whether the mail left is not known: look into the recipient's inbox before you send another."

OnStage = Callable[[StageResult], object]
Act = Callable[[CheckContext], StageResult]


def check_settings(context: CheckContext) -> StageResult:
    """Check the values without any request."""
    faults = list(settings.faults(context.subject))
    doubts = list(settings.doubts(context.subject))
    if faults or doubts:
        return context.report.found("settings", "broken" if faults else "warning", chain(faults, doubts))
    return context.report.ok("settings", "complete")


ACTS: Final[Mapping[Stage, Act]] = {
    "settings": check_settings,
    "tenant": check_tenant,
    "token": check_token,
    "claims": check_claims,
    "mailbox": check_mailbox,
    "send": check_send,
    "expiry": check_expiry,
}
# Stages that a test mail skips.
SKIPPED_WHEN_SENDING: Final[Mapping[Stage, str]] = {
    "mailbox": "A test mail opens no mailbox.",
    "expiry": "A test mail does not ask for it.",
}


def run(subject: Subject, gateway: Gateway, on_stage: OnStage = lambda _: None) -> Outcome:
    """Check the subject live; `on_stage` gets each result as it comes, and only it can raise."""
    return _go(CheckContext(subject, gateway), ACTS, on_stage)


def send_test_mail(
    subject: Subject, gateway: Gateway, sender: str, recipient: str, on_stage: OnStage = lambda _: None
) -> Outcome:
    """Send one mail as the subject would, after the stages before it; requested by a person, and never repeated."""

    def send(context: CheckContext) -> StageResult:
        try:
            return send_mail(context, sender.strip(), recipient.strip())
        except TransportError as error:
            result = context.report.unreachable("send", error)
            unsent = error.kind in UNSENT
            return result if unsent else replace(result, detail=f"{result.detail}. {MAY_HAVE_LEFT}")

    context = CheckContext(replace(subject, sender=True), gateway)
    return _go(context, {**ACTS, "send": send}, on_stage, SKIPPED_WHEN_SENDING)


def _go(
    context: CheckContext, acts: Mapping[Stage, Act], on_stage: OnStage, skipped: Mapping[Stage, str] | None = None
) -> Outcome:
    results: list[StageResult] = []
    for stage in STAGES:
        unneeded = (skipped or {}).get(stage) or _unneeded(context.subject, stage)
        if any(result.outcome == "broken" and result.stage != "mailbox" for result in results):
            result = StageResult(stage, "not_reached")
        elif unneeded:
            result = StageResult(stage, "not_needed", detail=unneeded)
        else:
            result = _stage(context, stage, acts[stage])
        results.append(result)
        on_stage(result)
    return Outcome(tuple(results))


def _stage(context: CheckContext, stage: Stage, act: Act) -> StageResult:
    """Run one stage and time it; any error becomes its result."""
    context.begin()
    result = _attempt(context, stage, act)
    ms = round((time.monotonic() - context.started) * 1000)
    return replace(result, ms=ms, asked=tuple(context.asked), status=result.status or context.status)


def _attempt(context: CheckContext, stage: Stage, act: Act) -> StageResult:
    report = context.report
    try:
        return act(context)
    except (RefusedError, TransportError) as error:
        if context.answer:
            report.redactor = report.redactor.also(context.answer.token)
        if isinstance(error, RefusedError):
            return report.refused(stage, error.refusal)
        return report.unreachable(stage, error)
    except FederatedError:
        return replace(report.found(stage, "broken", ["federated"]), evidence=(FACTS["realm_federated"],))
    except Exception as error:  # noqa: BLE001  a fault of ours is a result too, not the end of the run
        return report.failed(stage, error)


def _unneeded(subject: Subject, stage: Stage) -> str:
    """Return why the subject does not need the stage; "" when it does."""
    incoming = subject.kind == "incoming"
    if incoming and not subject.is_service and stage in {"token", "claims", "mailbox"}:
        return NEEDS_ADDRESS
    if stage == "mailbox" and subject.kind != "address":
        return NEEDS_MAILBOX if incoming else NO_MAILBOX
    if stage == "send" and not subject.must_send:
        return SERVER_SENDS_NOTHING if incoming or subject.for_server else NO_SENDER
    if stage == "expiry" and not subject.is_service:
        return NOTHING_TO_END
    if stage == "expiry" and subject.kind == "address" and not subject.for_server:
        return ENDS_AT_SERVER
    return ""
