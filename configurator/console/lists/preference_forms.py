"""The forms of a list's columns, and of its saved views."""

from typing import Any

from django import forms
from django.http import QueryDict

from configurator.console.lists.paging import SIZES
from configurator.console.lists.preferences import labels_of, sorts_of
from configurator.console.models import SavedView
from configurator.console.objects.fields import LineField


class PreferencesForm(forms.Form):
    """Columns, sort and page size of a list, as its control sends them."""

    columns = forms.MultipleChoiceField(required=False)
    sort = forms.ChoiceField(required=False)
    per_page = forms.TypedChoiceField(choices=[(size, size) for size in SIZES], coerce=int)

    def __init__(self, table: Any, data: Any) -> None:
        super().__init__(data)
        columns: Any = self.fields["columns"]
        sort: Any = self.fields["sort"]
        columns.choices, sort.choices = labels_of(table), sorts_of(table)


class ViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ("name", "shared", "query")
        field_classes = {"name": LineField}
        error_messages = {
            "name": {
                "required": "Nothing was kept. Give the view a name.",
                "max_length": "Nothing was kept. Give the view a name of at most %(limit_value)d characters.",
            },
            "query": {"max_length": "Nothing was kept, since the search is too long. Search for less."},
        }


def allowed(query: str, names: set[str]) -> str:
    """Return the parameters of the query that a list understands."""
    asked = QueryDict(query, mutable=True)
    for name in [name for name in asked if name not in names]:
        asked.pop(name)
    return asked.urlencode()
