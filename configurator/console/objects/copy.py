"""Copy: asks for a new name and which parts to copy; a copy never has a secret."""

import uuid
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from configurator.console.objects.views import Page
from configurator.console.records.record import Record


class CopyPage(Page, TemplateView):
    """Ask for a new name and the parts to copy, then open the create page with them; never a secret."""

    template_name = "console/objects/copy.html"
    model: ClassVar[type[Record]]
    create_url: ClassVar[str]
    parts: ClassVar[tuple[tuple[str, str], ...]]

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.all()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        record = get_object_or_404(self.rows(), pk=self.kwargs["pk"])
        return super().get_context_data(**context) | {
            "object": record,
            "parts": self.parts,
            "create_url": reverse(self.create_url),
        }


def copied(rows: QuerySet[Any], query: QueryDict, parts: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """Return the form's initial values: the new name, and the fields of the parts ticked."""
    asked = str(query.get("copy", ""))
    source = rows.filter(pk=asked).first() if is_uuid(asked) else None
    if source is None:
        return {}
    fields = [name for part in query.getlist("part") for name in parts.get(part, ())]
    return {"name": query.get("name", "")} | {name: getattr(source, name) for name in fields}


def is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
