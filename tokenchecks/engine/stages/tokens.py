"""The third and fourth stage: a token, and its claims."""

from itertools import chain
from typing import Final

from tokenchecks.engine import claims as claiming
from tokenchecks.engine.answers import RefusedError
from tokenchecks.engine.claims import Claims, read_claims
from tokenchecks.engine.explain.catalogue import Flag
from tokenchecks.engine.explain.evidence import same
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages.context import CheckContext
from tokenchecks.engine.stages.tenant import look_for_swap

NO_APP: Final = frozenset({"700016", "700011"})


def check_token(context: CheckContext) -> StageResult:
    """Request a token, live, unless the password was refused before."""
    subject, document = context.subject, context.document
    if subject.refused:
        return subject.refused
    host = document.token_endpoint.split("/")[2]
    if subject.is_service:
        context.ask(f"{host} for a token as the app {{}} (client credentials)", subject.client_id.strip())
        ask = context.gateway.service_token
    else:
        account = (subject.account or "").strip()
        context.ask(f"{subject.login_host} where {{}} signs in (user realm), without a credential", account)
        context.ask(f"{host} for a token as {{}} through the app {{}} (password)", account, subject.client_id.strip())
        ask = context.gateway.user_token
    try:
        context.answer = answer = ask(subject, document)
    except RefusedError as error:
        if NO_APP & set(error.refusal.codes) and not same(subject.tenant, subject.client_id):
            look_for_swap(context)
        raise
    context.status = answer.status
    return context.report.ok("token", "issued", answer.correlation_id)


def check_claims(context: CheckContext) -> StageResult:
    subject, report, answer = context.subject, context.report, context.answer
    context.claims = claims = read_claims(answer.token) if answer else None
    if claims is None or answer is None:
        return report.found("claims", "warning", ["claims_unreadable"])
    _note_rights(context, claims)
    faults = list(claiming.faults(claims, subject, context.document))
    doubts = list(claiming.doubts(claims, subject, answer.server_time))
    if faults or doubts:
        found = chain(faults, doubts)
        return report.found("claims", "broken" if faults else "warning", found, f"In the token: {claims.named}")
    return report.ok("claims", claims.named if claims.are_known else report.redactor.clean(claims.named))


def _note_rights(context: CheckContext, claims: Claims) -> None:
    """Add what the token's rights say of later refusals."""
    subject = context.subject
    facts: dict[Flag, bool] = {
        "has_role": subject.is_service and claims.may_read(subject),
        "no_role": subject.is_service and not claims.may_read(subject),
        "no_scope": not subject.is_service and not claims.may_read(subject),
        "delegated_rights": subject.is_service and bool(claims.scopes) and not claims.roles,
    }
    for flag, holds in facts.items():
        if holds:
            context.report.note(flag, f"The token holds: {claims.named}.")
