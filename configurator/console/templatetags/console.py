"""Filters and tags of every template."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from configurator.accounts.models import User
from configurator.console.frame.navigation import markup_of
from configurator.console.frame.panels import render_panels
from configurator.console.lists import cells
from configurator.console.lists.rows import rows_of
from configurator.console.objects.conflict import Side, shown
from configurator.console.objects.fields import SecretField
from configurator.console.objects.forms import RecordForm
from configurator.console.objects.restore import Earlier
from configurator.db.capped_count import said
from configurator.status import GRAVITY, Status

register = template.Library()

for tag in (cells.badge, cells.expiry, cells.identifier, cells.checked, cells.tick, cells.when, cells.yes_no):
    register.simple_tag(tag)
register.filter("rows", rows_of)
register.filter("counted", said)
register.simple_tag(render_panels, takes_context=True, name="panels")


@register.simple_tag(takes_context=True)
def navigation_tree(context: Mapping[str, Any]) -> SafeString:
    """Return the navigation tree, with the page marked."""
    trail = context.get("trail") or ("",)
    return markup_of(context["navigation"], trail[-1], context["request"].path)


@register.filter
def status(item: Any) -> Status:
    return Status(item.status)


@register.filter
def worst(items: Iterable[Any]) -> Any:
    """Return the checked row with the worst status, None when there is no row."""
    return min(items, key=lambda item: GRAVITY.index(Status(item.status)), default=None)


@register.filter
def as_text(bound: Any) -> str:
    """Return a bound field's value as a person reads it, for those who may not change it."""
    value = bound.value()
    if value in (None, ""):
        unset = dict(getattr(bound.field, "choices", ())).get("") or bound.form.inherited(bound.name)
        if unset:
            return str(unset)
    return shown(bound.field, value)


@register.filter
def condition(bound: Any) -> str:
    """Return the rule under which the field is required, "" where it has none."""
    rule = getattr(bound.form, "condition", None)
    return rule(bound.name) if rule else ""


@register.filter
def overrides(bound: Any) -> str:
    """Return what the field's value overrides, in words; "" where it has none or inherits nothing."""
    return "" if bound.value() in (None, "") else bound.form.inherited(bound.name)


@register.filter
def kind(bound: Any) -> str:
    """Return the kind of the field: a secret, or from its widget a guid, address, number or nothing special."""
    if isinstance(bound.field, SecretField):
        return "secret"
    return str(bound.field.widget.attrs.get("data-kind", ""))


@register.filter
def in_order(form: RecordForm) -> list[BoundField]:
    """Return the form's visible fields in the order of its blocks, which is SC's, then those in no block."""
    named = [name for block in form.blocks for name in block.fields]
    rest = [field.name for field in form.visible_fields() if field.name not in named]
    return [form[name] for name in (*named, *rest)]


@register.filter
def differing(form: RecordForm, earlier: Earlier) -> list[Side]:
    """Return what restoring the earlier version would change."""
    return earlier.sides(form)


@register.filter
def holds(record: Any, bound: Any) -> bool:
    """Return whether the record stores the field's value; ticks that only control the form are not stored."""
    return hasattr(record, bound.name)


@register.filter
def zipped_with(names: Iterable[Any], cells: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Return each name with its cell, for tables whose columns are data."""
    return list(zip(names, cells, strict=True))


@register.filter
def may(user: User, right: str) -> bool:
    return user.may(right)


@register.filter
def verbose_name(record: Any) -> str:
    return str(record._meta.verbose_name)


@register.inclusion_tag("console/records/secret_state.html")
def secret_state(record: Any, field: str) -> dict[str, Any]:
    """Return whether a secret is stored, since when and by whom; its text is never loaded."""
    return {"sealed": getattr(record, field, None)}
