"""Panels: what apps show on the pages of the floors beneath them.

A template names a slot with ``{% panels "slot" … %}``, and the ``panels.py`` of an app above registers what it shows
there. A panel is a function that takes the template's context and what the tag passes on, and returns the context of
the panel's own template, which has ``request`` and ``user`` besides; None where it shows nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.template import Context
from django.utils.safestring import SafeString

Shown = Mapping[str, Any] | None
Function = TypeVar("Function", bound=Callable[..., Shown])


@dataclass(frozen=True)
class Panel:
    """What an app shows in a slot, and its place among those of other apps there."""

    slot: str
    place: int
    template: str
    function: Callable[..., Shown]


registered: Final[list[Panel]] = []


def panel(slot: str, place: int, template: str) -> Callable[[Function], Function]:
    """Register the decorated function as a panel of the slot; of several there, that with the lowest place is first."""

    def register(function: Function) -> Function:
        registered.append(Panel(slot, place, template, function))
        registered.sort(key=lambda found: found.place)
        return function

    return register


def render_panels(context: Context, slot: str, *args: Any, **kwargs: Any) -> SafeString:
    """Return the markup of the slot's panels, without blanks around it: a panel may be part of a sentence."""
    markup = [_render(found, context, *args, **kwargs) for found in registered if found.slot == slot]
    # Each piece is escaped where it is made.
    return SafeString("\n".join(filter(None, markup)))


def _render(found: Panel, context: Context, *args: Any, **kwargs: Any) -> str:
    """Return the panel's markup: as Django renders an inclusion tag, so that templates are loaded once."""
    shown = found.function(context, *args, **kwargs)
    if shown is None:
        return ""
    common = {name: context.get(name) for name in ("request", "user", "csrf_token")}
    page: Any = context.template
    markup: str = page.engine.get_template(found.template).render(context.new(common | dict(shown)))
    return markup.strip()
