"""The fifth stage: opening the mailbox."""

from tokenchecks.engine.explain.evidence import reads_own_mailbox
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages.context import CheckContext

BY_EXCHANGE = "Exchange itself grants the right (RBAC for Applications): the token carries no Mail permission"


def check_mailbox(context: CheckContext) -> StageResult:
    """Open the inbox: what the token promised, or what Exchange grants without it."""
    subject, report = context.subject, context.report
    own = not subject.is_service and reads_own_mailbox(subject)
    context.ask(f"{context.document.graph_host} for the inbox of {{}}, without reading a message", subject.reads)
    inbox = context.graph.inbox(None if own else subject.reads)
    context.status = inbox.status
    counts = f", {inbox.total} messages, {inbox.unread} unread" if inbox.total is not None else ""
    opened = f"{subject.reads} opened{counts}"
    if "no_role" in report.flags:
        return report.found("mailbox", "warning", ["exchange_grants"], f"{opened}. {BY_EXCHANGE}")
    return report.ok("mailbox", opened, inbox.correlation_id)
