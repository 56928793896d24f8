"""The forms about a list: its columns, and its views under a name."""

from typing import Any

from django import forms
from django.http import QueryDict

from configurator.console.models import LONGEST_QUERY, SavedView
from configurator.console.paging import SIZES

OWN_SORT = "As the list has it"


class TasteForm(forms.Form):
    """Columns, sort and page size of a list."""

    columns = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    sort = forms.ChoiceField(label="Sort by", required=False)
    per_page = forms.TypedChoiceField(label="Rows on a page", choices=[(size, size) for size in SIZES], coerce=int)

    def __init__(self, table: Any, data: Any = None, **kwargs: Any) -> None:
        """Offer the columns of the table."""
        super().__init__(data, auto_id="taste-%s", **kwargs)
        columns: Any = self.fields["columns"]
        sort: Any = self.fields["sort"]
        every = [(column.name, str(column.header)) for column in table.columns.iterall()]
        orderable = [(name, label) for name, label in every if table.columns[name].orderable]
        columns.choices = every
        sort.choices = [
            ("", OWN_SORT),
            *((name, f"{label} ↑") for name, label in orderable),
            *((f"-{name}", f"{label} ↓") for name, label in orderable),
        ]


class ViewForm(forms.ModelForm):
    """The name of a view, and whether others see it."""

    class Meta:
        model = SavedView
        fields = ("name", "shared", "query")
        widgets = {"query": forms.HiddenInput}


def allowed(query: str, names: set[str]) -> str:
    """Return what of the query a list understands, "" where it would be too long to keep."""
    asked = QueryDict(query, mutable=True)
    for name in [name for name in asked if name not in names]:
        asked.pop(name)
    said = asked.urlencode()
    return said if len(said) <= LONGEST_QUERY else ""
