"""Error Codes: a searchable list of all that the console can explain, and an explanation of pasted text."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, get_args

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from configurator.console.lists.filters import SearchField
from configurator.console.objects.views import Page
from tokenchecks.engine.explain.catalogue import Class, Table, Who, catalogue
from tokenchecks.engine.explain.diagnose import Finding, causes_of, diagnose
from tokenchecks.engine.explain.explanation import PREFIX
from tokenchecks.engine.explain.wordings import wordings

SHOWN: Final = 50
TABLES: Final[tuple[tuple[Table, str, str], ...]] = (
    ("aadsts", PREFIX, "Entra"),
    ("graph", "", "Graph and Exchange"),
    ("error", "", "OAuth"),
    ("status", "HTTP ", "HTTP"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A code as the list shows it; ``text`` is searched, in lower case."""

    code: str
    says: str
    source: str
    causes: tuple[Finding, ...]
    searched: str

    @property
    def first(self) -> Finding:
        return self.causes[0]


class CodeFilter(forms.Form):
    """Search in codes and causes; filter by class and by who corrects it."""

    q = SearchField(
        label="Search",
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": "code, word", "autocomplete": "off"}),
    )
    class_ = forms.ChoiceField(label="Class", required=False)
    who = forms.ChoiceField(label="Who mends it", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, empty, known in (("class_", "Any class", Class), ("who", "Anybody", Who)):
            choices = [(value, value.replace("_", " ").capitalize()) for value in sorted(get_args(known))]
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, required=False, choices=[("", empty), *choices]
            )

    def found(self) -> list[Row]:
        """Return the rows that match; a value that is no choice matches nothing."""
        if not self.is_valid():
            return []
        words = self.cleaned_data["q"].lower().split()
        class_, who = self.cleaned_data["class_"], self.cleaned_data["who"]
        return [
            row
            for row in rows()
            if all(word in row.searched for word in words)
            and class_ in ("", row.first.meaning.class_)
            and who in ("", row.first.meaning.who)
        ]


class CodeList(Page, View):
    """The list of codes; each row opens to its causes."""

    list_url = "tokenchecks:code_list"
    right = "token_check.view"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        form = CodeFilter(request.GET)
        page = Paginator(form.found(), SHOWN).get_page(request.GET.get("page"))
        context = {"filter": {"form": form}, "page": page}
        return render(request, "tokenchecks/codes.html", self.get_context_data(**context))


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ExplainText(Page, View):
    """What a pasted text means; it is neither stored nor sent back, since it may hold a secret."""

    list_url = "tokenchecks:code_list"
    right = "token_check.view"
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the list: after an explanation the browser's address bar has this URL."""
        return HttpResponseRedirect(reverse(self.list_url))

    def post(self, request: HttpRequest) -> HttpResponse:
        text = request.POST.get("text", "")
        context = {"pasted": True, "diagnosis": diagnose(text) if text.strip() else None}
        return render(request, "tokenchecks/explain.html", self.get_context_data(**context))


@cache
def rows() -> tuple[Row, ...]:
    """Return every code that can be explained, Entra's first."""
    return tuple(_rows())


def _rows() -> Iterator[Row]:
    tables = catalogue().tables
    for table, prefix, source in TABLES:
        for code in sorted(tables[table], key=lambda name: (len(name) if name.isdigit() else 0, name.lower())):
            entry = tables[table][code]
            yield _row(f"{prefix}{code}", entry.says, source, causes_of(entry))
    for wording in wordings().texts:
        yield _row(
            wording.code.code, wording.code.says, "Mail servers and network", causes_of(wording.code, wording.also)
        )


def _row(code: str, says: str, source: str, causes: tuple[Finding, ...]) -> Row:
    words = [code, says, source, *(f"{item.meaning.title} {item.meaning.cause}" for item in causes[:1])]
    return Row(code, says, source, causes, " ".join(words).lower())
