"""The last stage: the end date of the secret, from Microsoft if possible, else as entered here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from tokenchecks.engine.answers import Refusal, RefusedError
from tokenchecks.engine.explain.evidence import is_key_id, own_credentials
from tokenchecks.engine.explain.explanation import explain_code
from tokenchecks.engine.microsoft.graph import Credential, Registration
from tokenchecks.engine.microsoft.transport import TransportError
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages.context import CheckContext

WARNING_DAYS: Final = 30
# A day more or less is a matter of time zones.
SAME_DAYS: Final = 1
NOT_FOUND: Final = 404
FORBIDDEN: Final = 403
UNKNOWN_END: Final = (
    "Microsoft does not tell: grant the app Application.Read.All (application permission) to have the date read"
)
ELSEWHERE: Final = "Microsoft does not tell: the app is registered in another tenant, and only that one knows"
NOT_NOW: Final = "Microsoft could not tell just now"


def check_expiry(context: CheckContext) -> StageResult:
    """Find the end date; a failure never breaks a check, since the secret was just accepted."""
    found = _registration(context)
    if isinstance(found, str):
        return _by_date_entered(context, found)
    if is_key_id(context.subject, found.credentials):
        return context.report.found("expiry", "warning", ["secret_is_key_id"])
    fitting = own_credentials(context.subject, found.credentials)
    if not fitting:
        return context.report.found(
            "expiry", "warning", ["secret_unlisted"], _entered(context.subject.secret_expires_on)
        )
    return _by_registration(context, found, fitting)


def _registration(context: CheckContext) -> Registration | str:
    """Request the app's secrets where the token shows that it may; else return why there is no answer."""
    if context.claims is None or not context.claims.may_read_apps:
        return UNKNOWN_END
    client_id = context.subject.client_id.strip()
    context.ask(f"{context.document.graph_host} when the secrets of the app {{}} end", client_id)
    try:
        found = context.graph.registration(client_id)
    except RefusedError as error:
        context.status = error.refusal.status
        return _reason(error.refusal)
    except TransportError as error:
        return f"{NOT_NOW} ({explain_code(error.kind).title})"
    context.status = found.status
    return found


def _reason(refusal: Refusal) -> str:
    if refusal.status == NOT_FOUND:
        return ELSEWHERE
    return UNKNOWN_END if refusal.status == FORBIDDEN else f"{NOT_NOW} (HTTP {refusal.status})"


def _by_registration(context: CheckContext, found: Registration, fitting: Sequence[Credential]) -> StageResult:
    """Use the end date from Microsoft; of several secrets that begin the same, the first to end."""
    first = min(fitting, key=lambda one: one.ends_on)
    several = f"{len(fitting)} of the app's secrets begin like this one, the first to end counts"
    entered = context.subject.secret_expires_on
    differs = entered and abs((entered - first.ends_on).days) > SAME_DAYS
    remarks = [several if len(fitting) > 1 else "", _entered(entered) if differs else ""]
    named = f"{_in_days(first.ends_on)}, by Microsoft" + (f" (“{first.name}”)" if first.name else "")
    detail = "; ".join(filter(None, (named, *remarks)))
    return replace(_judged(context, first.ends_on, detail, found.correlation_id), ends_on=first.ends_on)


def _by_date_entered(context: CheckContext, reason: str) -> StageResult:
    """Use the end date that was entered here, with the reason why Microsoft's is unknown."""
    entered = context.subject.secret_expires_on
    if entered is None:
        return StageResult("expiry", "not_needed", detail=f"Not known: no date is entered. {reason}")
    return _judged(context, entered, f"{_in_days(entered)}, by the date entered here. {reason}")


def _judged(context: CheckContext, ends_on: date, detail: str, correlation_id: str = "") -> StageResult:
    """Warn of a near end date; a past one is a wrong date, since the secret was just accepted."""
    left = _days_left(ends_on)
    if left > WARNING_DAYS:
        return context.report.ok("expiry", context.report.redactor.clean(detail), correlation_id)
    code = "secret_ends_soon" if left >= 0 else "secret_end_date_past"
    return context.report.found("expiry", "warning", [code], detail)


def _days_left(ends_on: date) -> int:
    return (ends_on - datetime.now(UTC).date()).days


def _in_days(ends_on: date) -> str:
    left = _days_left(ends_on)
    if left < 0:
        return f"Ended {-left} {'day' if left == -1 else 'days'} ago, on {ends_on}"
    words = {0: "today", 1: "tomorrow"}
    return f"Ends {words.get(left, f'in {left} days')}, on {ends_on}"


def _entered(entered: date | None) -> str:
    return f"the date entered here is {entered}" if entered else ""
