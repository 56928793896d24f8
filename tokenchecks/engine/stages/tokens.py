"""The third and fourth stage: a token, and what it says of itself."""

from itertools import chain
from typing import Final

from tokenchecks.engine import claims as claiming
from tokenchecks.engine.answers import RefusedError
from tokenchecks.engine.claims import Claims, read_claims
from tokenchecks.engine.explain.catalogue import Flag
from tokenchecks.engine.explain.evidence import same
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages.context import Course
from tokenchecks.engine.stages.tenant import look_for_swap

NO_APP: Final = frozenset({"700016", "700011"})


def check_token(course: Course) -> StageResult:
    """Ask for a token, live, unless the password was refused before."""
    subject, document = course.subject, course.document
    if subject.refused:
        return subject.refused
    host = document.token_endpoint.split("/")[2]
    if subject.is_service:
        course.ask(f"{host} for a token as the app {{}} (client credentials)", subject.client_id.strip())
        ask = course.gateway.service_token
    else:
        account = (subject.account or "").strip()
        course.ask(f"{subject.login_host} where {{}} signs in (user realm), without a credential", account)
        course.ask(f"{host} for a token as {{}} through the app {{}} (password)", account, subject.client_id.strip())
        ask = course.gateway.user_token
    try:
        course.answer = answer = ask(subject, document)
    except RefusedError as error:
        if NO_APP & set(error.refusal.codes) and not same(subject.tenant, subject.client_id):
            look_for_swap(course)
        raise
    course.status = answer.status
    return course.report.ok("token", "issued", answer.correlation_id)


def check_claims(course: Course) -> StageResult:
    """Read the token."""
    subject, report, answer = course.subject, course.report, course.answer
    course.claims = claims = read_claims(answer.token) if answer else None
    if claims is None or answer is None:
        return report.found("claims", "warning", ["claims_unreadable"])
    _note_rights(course, claims)
    faults = list(claiming.faults(claims, subject, course.document))
    doubts = list(claiming.doubts(claims, subject, answer.server_time))
    if faults or doubts:
        found = chain(faults, doubts)
        return report.found("claims", "broken" if faults else "warning", found, f"In the token: {claims.named}")
    return report.ok("claims", claims.named if claims.are_known else report.redactor.clean(claims.named))


def _note_rights(course: Course, claims: Claims) -> None:
    """Keep what the token's rights tell of refusals to come."""
    subject = course.subject
    facts: dict[Flag, bool] = {
        "has_role": subject.is_service and claims.may_read(subject),
        "no_role": subject.is_service and not claims.may_read(subject),
        "no_scope": not subject.is_service and not claims.may_read(subject),
        "delegated_rights": subject.is_service and bool(claims.scopes) and not claims.roles,
    }
    for flag, holds in facts.items():
        if holds:
            course.report.note(flag, f"The token holds: {claims.named}.")
