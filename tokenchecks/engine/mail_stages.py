"""The fifth and sixth stage: opening the mailbox, and the right to send; and a test mail, which proves that right."""

from datetime import UTC, datetime
from typing import Any

from tokenchecks.engine.course import Course
from tokenchecks.engine.evidence import reads_own_mailbox, same
from tokenchecks.engine.results import StageResult

BY_EXCHANGE = "Exchange itself grants the right (RBAC for Applications): the token carries no Mail permission"


def check_mailbox(course: Course) -> StageResult:
    """Open the inbox: what the token promised, or what Exchange grants without it."""
    subject, report = course.subject, course.report
    own = not subject.is_service and reads_own_mailbox(subject)
    course.ask(f"{course.document.graph_host} for the inbox of {{}}, without reading a message", subject.reads)
    inbox = course.graph.inbox(None if own else subject.reads)
    course.status = inbox.status
    counts = f", {inbox.total} messages, {inbox.unread} unread" if inbox.total is not None else ""
    opened = f"{subject.reads} opened{counts}"
    if "no_role" in report.flags:
        return report.found("mailbox", "warning", ["exchange_grants"], f"{opened}. {BY_EXCHANGE}")
    return report.ok("mailbox", opened, inbox.correlation_id)


def check_send(course: Course) -> StageResult:
    """Look the right to send up in the token; nothing is sent."""
    report, claims = course.report, course.claims
    if claims is None:
        return report.found("send", "warning", ["claims_unreadable"])
    held = claims.sending(course.subject)
    if not held:
        return report.found("send", "warning", ["send_role_missing"], f"In the token: {claims.named}")
    return report.ok("send", f"{', '.join(sorted(held))} in the token; nothing was sent")


def send_mail(course: Course, sender: str, recipient: str) -> StageResult:
    """Send one test mail; a mail that may or may not have left is never sent again by itself."""
    subject, report = course.subject, course.report
    if course.claims and not course.claims.sending(subject):
        report.note("no_send_right")
    own = not subject.is_service and same(sender, subject.account or "")
    course.ask(f"{course.document.graph_host} to send a test mail from {{}} to {{}}", sender, recipient)
    taken = course.graph.send(None if own else sender, _message(recipient))
    course.status = taken.status
    return report.ok("send", f"Exchange took a test mail from {sender} to {recipient}", taken.correlation_id)


def _message(recipient: str) -> dict[str, Any]:
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    text = f"This test mail was sent by hand at {now}, to prove that mail can leave. Nobody needs to answer it."
    return {
        "subject": f"Configurator test mail, {now}",
        "body": {"contentType": "Text", "content": text},
        "toRecipients": [{"emailAddress": {"address": recipient}}],
    }
