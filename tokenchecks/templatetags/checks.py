"""What templates say of a check."""

from django import template

from configurator.console.lists.cells import badge
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.models import CheckResult, CheckRun
from tokenchecks.screens.panel import status_of
from tokenchecks.subjects.stored_rows import ENGINE_KIND

register = template.Library()


@register.filter
def said(result: CheckResult) -> str:
    """Return what a check found, in half a line; "" when all is OK."""
    return explain_cause(result.cause, ENGINE_KIND[result.kind]).title if result.cause else ""


@register.simple_tag
def run_badge(run: CheckRun) -> str:
    """Render the run's result, or that it is running."""
    return badge(status_of(run))
