"""Finds, installs where it may, and starts a real browser for the tests.

Order: ``BROWSER_PATH``, chromium-headless-shell, chromium, Google Chrome, Playwright's own.  Without any, root
with apt-get installs one and anybody else lets Playwright try; else the browser tests are skipped with one loud
line, or fail with ``REQUIRE_BROWSER=1``.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE = "chromium-headless-shell"
INSTALL_LIMIT = 300
FLAGS = (
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


def browser_path(playwright: Playwright) -> Path | None:
    """Return the browser to drive, None when there is none."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        return Path(named)
    found = (shutil.which(name) for name in NAMES)
    paths = [*(Path(path) for path in found if path), Path(playwright.chromium.executable_path)]
    return next((path for path in paths if path.exists()), None)


def install_browser(playwright: Playwright) -> None:
    """Install a browser in the way that is open here; whether it worked is seen by looking again.

    One process of tests does it, and those beside it wait.
    """
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not browser_path(playwright):
            _install()


def _install() -> None:
    if os.getuid() == 0 and shutil.which("apt-get"):
        apt = ("apt-get", "-qq", "-o", "Acquire::Retries=3")
        _try(*apt, "update")
        _try(*apt, "install", "--yes", "--no-install-recommends", PACKAGE)
    else:
        _try(sys.executable, "-m", "playwright", "install", "chromium")


def _try(*command: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environment, timeout=INSTALL_LIMIT, check=False, capture_output=True)
    except subprocess.TimeoutExpired:
        warnings.warn(f"gave up after {INSTALL_LIMIT} s: {' '.join(command)}", stacklevel=2)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run the browser; skip or fail the test where there is none."""
    with sync_playwright() as playwright:
        path = browser_path(playwright)
        if not path:
            install_browser(playwright)
            path = browser_path(playwright)
        if not path:
            _do_without()
        # Chromium's own sandbox refuses root and needs user namespaces; the pages are our own.
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, "--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def _do_without() -> None:
    message = f"NO BROWSER: as root run `apt-get install {PACKAGE}`, or set BROWSER_PATH; browser tests did not run"
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(message)
    sys.stderr.write(f"\n{message}\n")
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the session's browser; each test opens a context of its own in it."""
    with running_browser() as started:
        yield started
