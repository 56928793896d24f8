"""The sixth stage: the right to send, of the app that sends; and a test mail, which proves that right.

SC's manual asks for Mail.Send where Microsoft 365 is the outgoing mail server. So an address is sent from by the app of
the outgoing server, where that is enabled for the address's tenant, and else by the app of its e-mail server.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from tokenchecks.engine.answers import RefusedError, TokenAnswer
from tokenchecks.engine.claims import Claims, read_claims
from tokenchecks.engine.explain.evidence import same
from tokenchecks.engine.microsoft.transport import TransportError
from tokenchecks.engine.results import StageOutcome, StageResult
from tokenchecks.engine.stages.context import Course
from tokenchecks.engine.subject import Subject, is_guid

OUTGOING: Final = "External Outgoing Mail Server"
NOT_ENABLED: Final = f"The app of the {OUTGOING} would do too, where that is enabled for this tenant"


def check_send(course: Course) -> StageResult:
    """Look the right to send up in the token of the app that sends; nothing is sent, and nothing breaks an address."""
    subject, report = course.subject, course.report
    app = sending_app(course)
    if app is subject:
        claims = course.claims
    else:
        try:
            claims = read_claims(_token(course, app).token)
        except (RefusedError, TransportError) as error:
            return _without_token(course, app, error, "warning")
    if claims is None:
        return report.found("send", "warning", ["claims_unreadable"])
    if held := claims.sending(app):
        of_app = f" of the {_named(app)}" if app is not subject else ""
        told = f"{', '.join(sorted(held))} in the token{of_app}; nothing was sent"
        return report.ok("send", report.redactor.clean(told))
    if subject.kind == "outgoing":
        return report.found("send", "warning", ["send_role_missing"], f"In the token: {claims.named}")
    code = "sender_role_missing" if app is subject else "outgoing_role_missing"
    return report.found("send", "warning", [code], _both_apps(course, app, claims))


def send_mail(course: Course, sender: str, recipient: str) -> StageResult:
    """Send one test mail; a mail that may or may not have left is never sent again by itself."""
    report, app = course.report, sending_app(course)
    if app is not course.subject:
        try:
            course.answer = _token(course, app)
        except (RefusedError, TransportError) as error:
            return _without_token(course, app, error, "broken")
        course.claims = read_claims(course.answer.token)
    if course.claims and not course.claims.sending(app):
        report.note("no_send_right")
    own = not app.is_service and same(sender, app.account or "")
    course.ask(f"{course.document.graph_host} to send a test mail from {{}} to {{}}", sender, recipient)
    taken = course.graph.send(None if own else sender, _message(recipient))
    course.status = taken.status
    return report.ok("send", f"Exchange took a test mail from {sender} to {recipient}", taken.correlation_id)


def sending_app(course: Course) -> Subject:
    """Return whose app sends: the outgoing server, where it is enabled for the subject's tenant, or the subject."""
    outgoing = course.subject.outgoing
    return outgoing if outgoing and _of_one_tenant(course, outgoing) else course.subject


def _of_one_tenant(course: Course, outgoing: Subject) -> bool:
    """Whether both are in one tenant; a domain name is looked up, and one that nobody can tell is another tenant."""
    if outgoing.login_host != course.subject.login_host:
        return False
    tenant = course.document.tenant_id or course.subject.tenant
    if same(outgoing.tenant, tenant) or is_guid(outgoing.tenant):
        return same(outgoing.tenant, tenant)
    return same(course.look_up(outgoing.tenant) or "", tenant)


def _token(course: Course, app: Subject) -> TokenAnswer:
    """Ask for a token of the outgoing server's app, which every address of a batch shares."""
    host = course.document.token_endpoint.split("/")[2]
    course.ask(f"{host} for a token as the app {{}} (client credentials)", app.client_id.strip())
    answer = course.gateway.service_token(app, course.document)
    course.status = answer.status
    return answer


def _without_token(
    course: Course, app: Subject, error: RefusedError | TransportError, outcome: StageOutcome
) -> StageResult:
    """Say that the outgoing server's app got no token; why, its own check says."""
    if isinstance(error, RefusedError):
        course.status = error.refusal.status
        said = ", ".join(f"AADSTS{code}" if code.isdigit() else code for code in error.refusal.codes)
    else:
        said = str(error)
    named = _named(app)
    detail = f"Looked at: the {named}. It got no token{f': {said}' if said else ''}"
    return replace(course.report.found("send", outcome, ["outgoing_without_token"], detail), status=course.status)


def _both_apps(course: Course, app: Subject, claims: Claims) -> str:
    """Name the app that was looked at, and the one that would do too."""
    looked_at = f"Looked at: the {_named(app)}. In its token: {claims.named}"
    if app is not course.subject:
        own = f", whose token holds {course.claims.named}," if course.claims else ""
        return f"{looked_at}. The {_named(course.subject)}{own} would do too"
    outgoing = course.subject.outgoing
    other = f"The {_named(outgoing)} is of another tenant" if outgoing else NOT_ENABLED
    return f"{looked_at}. {other}"


def _named(app: Subject) -> str:
    return f"app {app.client_id.strip()} of the {OUTGOING if app.kind == 'outgoing' else 'e-mail server'}"


def _message(recipient: str) -> dict[str, Any]:
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    text = f"This test mail was sent by hand at {now}, to prove that mail can leave. Nobody needs to answer it."
    return {
        "subject": f"Configurator test mail, {now}",
        "body": {"contentType": "Text", "content": text},
        "toRecipients": [{"emailAddress": {"address": recipient}}],
    }
