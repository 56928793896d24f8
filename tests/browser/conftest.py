"""Fixtures of the browser tests."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.browser import browser
from tests.browser.furniture import Furniture, furnish
from tests.people import As

__all__ = ["browser"]

Open = Callable[..., Page]

# A busy machine with a cold disk is slow, not wrong: no test of ours asserts on time.
expect.set_options(timeout=20_000)


@pytest.fixture
def furniture(transactional_db: None) -> Furniture:
    """Return something for every page to show."""
    return furnish()


@pytest.fixture
def open_as(browser: Browser, live_server: LiveServer, signed_in: As) -> Iterator[Open]:
    """Return a function that opens a page signed in as a user, "" for nobody; a script error fails the test."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_(username: str, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": 1280, "height": 800},
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        if username:
            session = signed_in(username).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        return page

    yield open_
    for context in contexts:
        context.close()
    # The browser and htmx each say so where the answer was that something may not be, or is not there.
    refused = ("status of 4", "Status Error Code 4")
    assert [text for text in troubles if not any(words in text for words in refused)] == []
