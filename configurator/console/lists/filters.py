"""The base of each list's filter form, and filters that several lists share."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final

import django_filters
from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils import timezone

from configurator import signs
from configurator.accounts.models import User
from configurator.console.objects.fields import DateField
from configurator.status import Status

AGES: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
CHECKED: Final = (
    ("hour", "Over an hour ago"),
    ("day", "Over a day ago"),
    ("week", "Over a week ago"),
    ("never", "Never"),
)
TICKED: Final = (("true", "Yes"), ("false", "No"))
ENABLED: Final = (("true", "Enabled"), ("false", "Not enabled"))
ENDS: Final = (
    ("0", "Ended"),
    ("7", "Within 7 days"),
    ("30", "Within 30 days"),
    ("60", "Within 60 days"),
    ("unknown", "No date entered"),
)


class DateFilter(django_filters.DateFilter):  # noqa: TID251  this is the one to use instead
    field_class = DateField


class SearchField(forms.CharField):
    def to_python(self, value: Any) -> str:
        """Return the text without invisible characters, with which no name or address is stored."""
        return signs.tidy(super().to_python(value) or "")


class TextFilter(django_filters.CharFilter):
    field_class = SearchField


class StatusFilter(django_filters.ChoiceFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "Status", "choices": Status.choices[:4], "empty_label": "Any status"} | kwargs)


class CheckedFilter(django_filters.ChoiceFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "Last checked", "choices": CHECKED, "empty_label": "Whenever"} | kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == "never":
            return qs.filter(checked_at__isnull=True)
        return qs.filter(checked_at__lt=timezone.now() - AGES[value]) if value else qs


class TickedFilter(django_filters.ChoiceFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"choices": TICKED, "empty_label": "Yes or no"} | kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(**{str(self.field_name): value == "true"}) if value else qs


class EnabledFilter(TickedFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "Enabled", "choices": ENABLED, "empty_label": "Enabled or not"} | kwargs)


class EndsFilter(django_filters.ChoiceFilter):
    """Keep what ends by then, or has no date where it should."""

    def __init__(self, field_name: str, secret: str, **kwargs: Any) -> None:
        """Filter by the date in ``field_name``, and by the secret that should have one."""
        self.secret = secret
        super().__init__(
            field_name=field_name, **{"label": "Ends", "choices": ENDS, "empty_label": "Whenever"} | kwargs
        )

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == "unknown":
            return qs.filter(**{f"{self.secret}__isnull": False, f"{self.field_name}__isnull": True})
        by = timezone.localdate() + timedelta(days=int(value or 0))
        return qs.filter(**{f"{self.field_name}__lt": by}) if value else qs


class RecordFilter(django_filters.FilterSet):
    """A search box ``q`` for the queryset's ``matching()``, and the list's own filters."""

    placeholder: ClassVar[str] = ""
    # Folded away until one of them is in use.
    more: ClassVar[tuple[str, ...]] = ()
    q = TextFilter(label="Search", method="search")

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        """Set the placeholder of the search box.

        A URL without a query is filtered too: what a list leaves out by default, it leaves out there.
        """
        super().__init__(data or {}, *args, **kwargs)
        self.form.fields["q"].widget = forms.TextInput(
            attrs={"type": "search", "placeholder": self.placeholder, "autocomplete": "off"}
        )

    def search(self, queryset: Any, _name: str, value: str) -> QuerySet[Any]:
        found: QuerySet[Any] = queryset.matching(value.strip())
        return found

    def fields_at_hand(self) -> list[BoundField]:
        return [field for field in self.form.visible_fields() if field.name not in self.more]

    def fields_folded(self) -> list[BoundField]:
        return [field for field in self.form.visible_fields() if field.name in self.more]

    def folded_in_use(self) -> bool:
        return any(field.value() for field in self.fields_folded())

    def may(self, right: str) -> bool:
        """Return whether the user has the right; False where there is no user."""
        user = getattr(self.request, "user", None)
        return isinstance(user, User) and user.may(right)
