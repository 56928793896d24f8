"""The last stage: when the secret ends, by Microsoft's word where it gives it, else by the date entered here."""

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
from tokenchecks.engine.stages.context import Course

WARNING_DAYS: Final = 30
# A day more or less is a matter of time zones.
SAME_DAYS: Final = 1
NOT_FOUND: Final = 404
FORBIDDEN: Final = 403
NOT_TOLD: Final = (
    "Microsoft does not tell: grant the app Application.Read.All (application permission) to have the date read"
)
ELSEWHERE: Final = "Microsoft does not tell: the app is registered in another tenant, and only that one knows"
NOT_NOW: Final = "Microsoft could not tell just now"


def check_expiry(course: Course) -> StageResult:
    """Find out when the secret ends; whatever hinders that never breaks a check, since the secret was just accepted."""
    found = _registration(course)
    if isinstance(found, str):
        return _by_date_entered(course, found)
    if is_key_id(course.subject, found.credentials):
        return course.report.found("expiry", "warning", ["secret_is_key_id"])
    fitting = own_credentials(course.subject, found.credentials)
    if not fitting:
        return course.report.found("expiry", "warning", ["secret_unlisted"], _entered(course.subject.secret_expires_on))
    return _by_registration(course, found, fitting)


def _registration(course: Course) -> Registration | str:
    """Ask Graph for the app's secrets where the token shows that it may; else say why there is no answer."""
    if course.claims is None or not course.claims.may_read_apps:
        return NOT_TOLD
    client_id = course.subject.client_id.strip()
    course.ask(f"{course.document.graph_host} when the secrets of the app {{}} end", client_id)
    try:
        found = course.graph.registration(client_id)
    except RefusedError as error:
        course.status = error.refusal.status
        return _reason(error.refusal)
    except TransportError as error:
        return f"{NOT_NOW} ({explain_code(error.kind).title})"
    course.status = found.status
    return found


def _reason(refusal: Refusal) -> str:
    if refusal.status == NOT_FOUND:
        return ELSEWHERE
    return NOT_TOLD if refusal.status == FORBIDDEN else f"{NOT_NOW} (HTTP {refusal.status})"


def _by_registration(course: Course, found: Registration, fitting: Sequence[Credential]) -> StageResult:
    """Tell the end that Microsoft knows; of several secrets that begin alike, that of the first to end."""
    first = min(fitting, key=lambda one: one.ends_on)
    several = f"{len(fitting)} of the app's secrets begin like this one, the first to end counts"
    entered = course.subject.secret_expires_on
    differs = entered and abs((entered - first.ends_on).days) > SAME_DAYS
    remarks = [several if len(fitting) > 1 else "", _entered(entered) if differs else ""]
    named = f"{_in_days(first.ends_on)}, by Microsoft" + (f" (“{first.name}”)" if first.name else "")
    told = "; ".join(filter(None, (named, *remarks)))
    return replace(_judged(course, first.ends_on, told, found.correlation_id), ends_on=first.ends_on)


def _by_date_entered(course: Course, reason: str) -> StageResult:
    """Tell the end that was entered here, and why Microsoft's is not known."""
    entered = course.subject.secret_expires_on
    if entered is None:
        return StageResult("expiry", "not_needed", detail=f"Not known: no date is entered. {reason}")
    return _judged(course, entered, f"{_in_days(entered)}, by the date entered here. {reason}")


def _judged(course: Course, ends_on: date, told: str, correlation_id: str = "") -> StageResult:
    """Warn of an end that is near; one that is past is a wrong date, since the secret was just accepted."""
    left = _days_left(ends_on)
    if left > WARNING_DAYS:
        return course.report.ok("expiry", course.report.redactor.clean(told), correlation_id)
    code = "secret_ends_soon" if left >= 0 else "secret_end_date_past"
    return course.report.found("expiry", "warning", [code], told)


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
