"""Error Codes: the list with its search, and the explanation of what is pasted, which keeps nothing."""

import json
import logging
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from configurator.audit.models import AuditEvent
from tests.people import As, person
from tokenchecks.engine.explain.catalogue import catalogue
from tokenchecks.screens.codes import SHOWN, rows

LIST, EXPLAIN = "/token-checks/codes/", "/token-checks/codes/explain/"
SECRET = "Zk~8Q~4nVb7LrX2cW9pTfY6hJmD1sGqAeUoKi3xR"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2dyYXBoIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
PASTED = f"POST client_secret={SECRET} Bearer {TOKEN} -> AADSTS7000215: Invalid client secret provided."
pytestmark = pytest.mark.django_db


def said(client: Client, **search: str) -> str:
    answer = client.get(LIST, search)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_leaf_is_in_the_navigation(signed_in: As) -> None:
    assert reverse("tokenchecks:code_list") == LIST
    assert re.search(rf'href="{LIST}"[^>]*>\s*Error Codes', signed_in("support").get("/").content.decode())


def test_every_code_is_listed() -> None:
    listed = {row.code for row in rows()}
    assert {f"AADSTS{code}" for code in catalogue().tables["aadsts"]} <= listed
    assert set(catalogue().tables["graph"]) <= listed
    assert len(listed) == len(rows())


def test_a_page_shows_fifty_and_leads_to_the_next(signed_in: As) -> None:
    client = signed_in("support")
    first = said(client)
    assert first.count('class="code-row"') == SHOWN
    assert f"{len(rows())} codes" in first
    assert f"{SHOWN + 1} to {2 * SHOWN}" in said(client, page="2")
    assert "from Entra" not in said(client, page="9999999999999999999")


def test_the_search_finds_a_code_and_opens_it(signed_in: As) -> None:
    found = said(signed_in("support"), q="aadsts7000222")
    assert found.count('class="code-row"') == 1
    assert re.search(r'class="code-row" open', found)
    assert "The secret has expired" in found
    assert "Certificates &amp; secrets" in found
    assert "It is this if" in found


def test_the_search_finds_words_and_filters_narrow_it(signed_in: As) -> None:
    client = signed_in("support")
    assert "AADSTS50076" in said(client, q="second factor")
    licence = said(client, class_="licence")
    assert "MailboxNotEnabledForRESTAPI" in licence
    assert "AADSTS50076" not in licence
    assert "AADSTS50076" not in said(client, who="wait")


@pytest.mark.parametrize("search", [{"q": "xyzzy"}, {"class_": "weather"}, {"who": "\0"}, {"q": "x" * 3000}])
def test_nothing_found_is_said(search: dict[str, str], signed_in: As) -> None:
    page = said(signed_in("support"), **search)
    assert "Nothing matches this search." in page
    assert "0 codes" in page


def test_the_list_asks_the_database_for_the_user_alone(signed_in: As) -> None:
    client = signed_in("support")
    said(client)
    with CaptureQueriesContext(connection) as made:
        said(client, q="secret")
    assert len(made) <= 4


@pytest.mark.parametrize("name", ["superuser", "admin", "queues", "support"])
def test_whoever_may_see_checks_may_explain(name: str, signed_in: As) -> None:
    answer = signed_in(name).post(EXPLAIN, {"text": PASTED})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "The secret is wrong" in page
    assert "<code>AADSTS7000215</code>" in page


def test_nobody_and_a_user_without_the_right_may_not() -> None:
    stranger = person("support")
    stranger.groups.clear()
    barred = Client()
    barred.force_login(stranger)
    for method, path in (("get", LIST), ("post", EXPLAIN)):
        assert getattr(Client(), method)(path).status_code == 302
        assert getattr(barred, method)(path).status_code == 403


def test_one_address_does_one_thing(signed_in: As) -> None:
    client = signed_in("admin")
    assert client.get(EXPLAIN)["Location"] == LIST
    assert client.post(LIST).status_code == 405


def test_the_form_is_protected() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("admin"))
    assert client.post(EXPLAIN, {"text": PASTED}).status_code == 403


def test_what_is_pasted_is_neither_shown_nor_logged_nor_kept(signed_in: As, caplog: pytest.LogCaptureFixture) -> None:
    client = signed_in("admin")
    kept = AuditEvent.objects.count()
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as made:
        page = client.post(EXPLAIN, {"text": PASTED}).content.decode()
    everything = page + caplog.text + json.dumps(made.captured_queries)
    assert SECRET not in everything
    assert TOKEN not in everything
    assert SECRET[:12] not in everything
    assert AuditEvent.objects.count() == kept
    assert not [query for query in made.captured_queries if query["sql"].startswith(("INSERT", "UPDATE"))]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    secret=st.text("abcdefghijkLMNOP0123456789~_.-", min_size=12, max_size=60),
    lead=st.sampled_from(["", "AADSTS", "535 "]),
)
def test_no_planted_secret_comes_back(secret: str, lead: str, signed_in: As) -> None:
    client = signed_in("admin")
    nothing = client.post(EXPLAIN, {"text": "hello"}).content.decode()
    page = client.post(EXPLAIN, {"text": f"password={secret} {lead}{secret} client_secret: {secret}"}).content.decode()
    assert secret not in page or secret in nothing


def test_an_empty_field_is_answered_in_words(signed_in: As) -> None:
    assert "Nothing was pasted." in signed_in("support").post(EXPLAIN, {"text": "  \n"}).content.decode()


def test_a_text_that_says_nothing_is_told_honestly(signed_in: As) -> None:
    page = signed_in("support").post(EXPLAIN, {"text": "hello"}).content.decode()
    assert "No known code in it" in page
    assert "Look for" in page


@pytest.mark.parametrize(
    "text", ["a\x00b", "\x1b[31m", "<script>alert(1)</script>", "{{ 7|add:7 }}", "AADSTS" + "9" * 400, "\udcff"]
)
def test_hostile_text_is_answered_with_a_page(text: str, signed_in: As) -> None:
    answer = signed_in("support").post(EXPLAIN, {"text": text.encode("utf-8", "replace").decode()})
    assert answer.status_code == 200
    assert b"<script>alert(1)" not in answer.content


def test_a_text_beyond_the_limit_is_refused_with_a_page(signed_in: As) -> None:
    assert signed_in("support").post(EXPLAIN, {"text": "x" * 2_000_000}).status_code == 400
