"""Where pages of objects are."""

import uuid

import pytest
from django.urls import NoReverseMatch, reverse

from configurator.links import place


@pytest.mark.parametrize("before", [("queues:queue",), ("tokenchecks:history", "address"), ("tokenchecks:run",)])
def test_it_is_where_the_table_of_urls_says(before: tuple[str, ...]) -> None:
    for key in (uuid.uuid4(), uuid.uuid4()):
        assert place(*before, key) == reverse(before[0], args=[*before[1:], key])


@pytest.mark.parametrize("url_name", ["console:audit_event", "console:role"])
def test_a_number_is_a_key_too(url_name: str) -> None:
    for key in (1, 4711):
        assert place(url_name, key) == reverse(url_name, args=[key])


def test_a_page_that_there_is_not_is_nowhere() -> None:
    with pytest.raises(NoReverseMatch):
        place("queues:nothing", uuid.uuid4())
