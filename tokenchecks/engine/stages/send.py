"""The sixth stage: the right to send, of the app that sends; and a test mail, which proves that right.

SC's manual requires Mail.Send where Microsoft 365 is the outgoing mail server. So an address sends through the app of
the outgoing server, where that is enabled for the address's tenant, and else through the app of its e-mail server.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from tokenchecks.engine.answers import RefusedError, TokenAnswer
from tokenchecks.engine.claims import Claims, read_claims
from tokenchecks.engine.explain.evidence import same
from tokenchecks.engine.microsoft.transport import TransportError
from tokenchecks.engine.results import StageOutcome, StageResult
from tokenchecks.engine.stages.context import CheckContext
from tokenchecks.engine.subject import Subject, is_guid

OUTGOING: Final = "External Outgoing Mail Server"
NOT_ENABLED: Final = f"The app of the {OUTGOING} would do too, where that is enabled for this tenant"


def check_send(context: CheckContext) -> StageResult:
    """Look for the right to send in the token of the app that sends; nothing is sent, and nothing breaks an address."""
    subject, report = context.subject, context.report
    app = sending_app(context)
    if app is subject:
        claims = context.claims
    else:
        try:
            claims = read_claims(_token(context, app).token)
        except (RefusedError, TransportError) as error:
            return _without_token(context, app, error, "warning")
    if claims is None:
        return report.found("send", "warning", ["claims_unreadable"])
    if held := claims.sending(app):
        of_app = f" of the {_named(app)}" if app is not subject else ""
        detail = f"{', '.join(sorted(held))} in the token{of_app}; nothing was sent"
        return report.ok("send", report.redactor.clean(detail))
    if subject.kind == "outgoing":
        return report.found("send", "warning", ["send_role_missing"], f"In the token: {claims.named}")
    code = "sender_role_missing" if app is subject else "outgoing_role_missing"
    return report.found("send", "warning", [code], _both_apps(context, app, claims))


def send_mail(context: CheckContext, sender: str, recipient: str) -> StageResult:
    """Send one test mail; a mail that may or may not have left is never sent again by itself."""
    report, app = context.report, sending_app(context)
    if app is not context.subject:
        try:
            context.answer = _token(context, app)
        except (RefusedError, TransportError) as error:
            return _without_token(context, app, error, "broken")
        context.claims = read_claims(context.answer.token)
    if context.claims and not context.claims.sending(app):
        report.note("no_send_right")
    own = not app.is_service and same(sender, app.account or "")
    context.ask(f"{context.document.graph_host} to send a test mail from {{}} to {{}}", sender, recipient)
    taken = context.graph.send(None if own else sender, _message(recipient))
    context.status = taken.status
    return report.ok("send", f"Exchange took a test mail from {sender} to {recipient}", taken.correlation_id)


def sending_app(context: CheckContext) -> Subject:
    """Return whose app sends: the outgoing server, where it is enabled for the subject's tenant, or the subject."""
    outgoing = context.subject.outgoing
    return outgoing if outgoing and _of_one_tenant(context, outgoing) else context.subject


def _of_one_tenant(context: CheckContext, outgoing: Subject) -> bool:
    """Return whether both are in one tenant; a domain name is looked up, and an unknown one is another tenant."""
    if outgoing.login_host != context.subject.login_host:
        return False
    tenant = context.document.tenant_id or context.subject.tenant
    if same(outgoing.tenant, tenant) or is_guid(outgoing.tenant):
        return same(outgoing.tenant, tenant)
    return same(context.look_up(outgoing.tenant) or "", tenant)


def _token(context: CheckContext, app: Subject) -> TokenAnswer:
    """Request a token of the outgoing server's app, which every address of a batch shares."""
    host = context.document.token_endpoint.split("/")[2]
    context.ask(f"{host} for a token as the app {{}} (client credentials)", app.client_id.strip())
    answer = context.gateway.service_token(app, context.document)
    context.status = answer.status
    return answer


def _without_token(
    context: CheckContext, app: Subject, error: RefusedError | TransportError, outcome: StageOutcome
) -> StageResult:
    """Return that the outgoing server's app got no token; its own check says why."""
    if isinstance(error, RefusedError):
        context.status = error.refusal.status
        said = ", ".join(f"AADSTS{code}" if code.isdigit() else code for code in error.refusal.codes)
    else:
        said = str(error)
    named = _named(app)
    detail = f"Looked at: the {named}. It got no token{f': {said}' if said else ''}"
    return replace(context.report.found("send", outcome, ["outgoing_without_token"], detail), status=context.status)


def _both_apps(context: CheckContext, app: Subject, claims: Claims) -> str:
    """Return the app that was looked at, and the one that would do too."""
    looked_at = f"Looked at: the {_named(app)}. In its token: {claims.named}"
    if app is not context.subject:
        own = f", whose token holds {context.claims.named}," if context.claims else ""
        return f"{looked_at}. The {_named(context.subject)}{own} would do too"
    outgoing = context.subject.outgoing
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
