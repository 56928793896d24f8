"""What every answer carries (ASVS 3.4, 14.3.2)."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import As

PAGES = [
    "console:start",
    "mailsettings:incoming_list",
    "queues:queue_list",
    "tokenchecks:standing_list",
    "tokenchecks:run_list",
    "console:audit_log",
]


@pytest.mark.parametrize("name", PAGES)
def test_pages_forbid_inline_code_framing_sniffing_and_storing(signed_in: As, name: str) -> None:
    """A strict policy without any unsafe word, and nothing kept in a cache."""
    answer = signed_in("admin").get(reverse(name))
    policy = answer["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert re.fullmatch(r"[0-9a-f]{12}", answer["X-Request-Id"])


@pytest.mark.parametrize("name", PAGES)
def test_pages_hold_no_inline_script_style_or_handler(signed_in: As, name: str) -> None:
    """Nothing in a page needs what its policy forbids."""
    page = signed_in("admin").get(reverse(name)).content.decode()

    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)


def test_a_missing_page_says_so_with_a_reference(client: Client, db: None) -> None:
    """404 in words, with the same headers."""
    answer = client.get("/nothing/here/")

    assert answer.status_code == 404
    assert answer["X-Request-Id"] in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_form_without_its_token_is_refused_and_explained(signed_in: As) -> None:
    """403, and nothing was saved."""
    inner = signed_in("admin")
    client = Client(enforce_csrf_checks=True)
    client.cookies = inner.cookies

    answer = client.post(reverse("queues:queue_new"), {"name": "x"})

    assert answer.status_code == 403
    assert "Nothing was saved" in answer.content.decode()


def test_the_health_page_asks_nobody_to_sign_in(client: Client, db: None) -> None:
    """For load balancers: 200 and no detail."""
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.content == b"ok\n"


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_sent_to_the_sign_in_page(client: Client, db: None, name: str) -> None:
    """No page shows anything without a session."""
    answer = client.get(reverse(name))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:sign_in"))


def test_the_theme_is_kept_in_a_cookie(client: Client, db: None) -> None:
    """A chosen theme lasts; a made-up one is ignored, and so is a way out of the site."""
    answer = client.post(reverse("console:theme"), {"theme": "dark", "next": "//evil.example"})
    assert answer["Location"] == "/"
    assert client.cookies["theme"].value == "dark"

    client.post(reverse("console:theme"), {"theme": "pink"})
    assert client.cookies["theme"].value == "dark"
