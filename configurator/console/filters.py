"""The base of each list's filter form."""

from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet


class RecordFilter(django_filters.FilterSet):
    """A search box ``q`` over what the queryset's ``matching()`` looks at, and the list's own filters."""

    placeholder: ClassVar[str] = ""
    q = django_filters.CharFilter(label="Search", method="search")

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        """Name in the search box what it looks at.

        A URL without a query is filtered too: what a list leaves out where nothing is asked for, it leaves out there.
        """
        super().__init__(data or {}, *args, **kwargs)
        self.form.fields["q"].widget = forms.TextInput(
            attrs={"type": "search", "placeholder": self.placeholder, "autocomplete": "off"}
        )

    def search(self, queryset: Any, _name: str, value: str) -> QuerySet[Any]:
        """Keep the rows that hold the text."""
        found: QuerySet[Any] = queryset.matching(value.strip())
        return found
