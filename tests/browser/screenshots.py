"""Takes the pictures of docs/screenshots: ``make run``, then ``python -m tests.browser.screenshots`` beside it."""

import json
import os
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.browser import running_browser
from tests.browser.small_png import small_png

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "screenshots"
# Name of the picture -> (user, path, texts of the links and buttons to press one after the other).
PAGES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "start": ("admin", "/", ()),
    "incoming-servers": ("admin", "/e-mail-settings/incoming/", ()),
    "incoming-server": ("admin", "/e-mail-settings/incoming/", ("Sales",)),
    "incoming-server-for-support": ("support", "/e-mail-settings/incoming/", ("Billing",)),
    "incoming-server-refused": ("admin", "/e-mail-settings/incoming/new/", ("Save",)),
    "incoming-server-copy": ("admin", "/e-mail-settings/incoming/", ("Sales", "Copy")),
    "incoming-server-delete": ("admin", "/e-mail-settings/incoming/", ("Sales", "Delete")),
    "outgoing-server": ("admin", "/e-mail-settings/outgoing/", ()),
    "queues": ("admin", "/queues/", ()),
    "queue": ("admin", "/queues/", ("Vertrieb", "Numbers/Addresses")),
    "queue-sender": ("admin", "/queues/", ("Kundenservice", "Numbers/Addresses")),
    "queue-for-support": ("support", "/queues/", ("Executive Complaints", "Numbers/Addresses")),
    "queue-address": ("admin", "/queues/", ("Vertrieb", "Add address")),
    "server-window": ("admin", "/queues/", ("Vertrieb", "Add address", "Choose E-Mail Server")),
    "secrets": ("support", "/queues/impact/", ()),
    "impact": ("support", "/queues/impact/", ("Customer Service",)),
    "token-checks": ("support", "/token-checks/", ()),
    "token-check": ("support", "/token-checks/checks/?q=presse", ("presse",)),
    "history": ("support", "/e-mail-settings/incoming/", ("Sales", "All states and edits")),
    "findings": ("admin", "/findings/", ()),
    "alarms": ("admin", "/alarms/", ()),
    "error-codes": ("support", "/token-checks/codes/?q=7000215", ()),
    "addresses-at-risk": ("admin", "/token-checks/at-risk/", ()),
    "check-all": ("admin", "/token-checks/", ("Check all",)),
    "audit-log": ("support", "/audit-log/?kind=incoming_server", ()),
    "audit-event": ("support", "/audit-log/1/", ()),
    "as-of": ("support", "/audit-log/as-of/", ()),
    "compare": ("support", "/audit-log/compare/", ()),
    "addresses": ("support", "/token-checks/addresses/", ()),
    "set-up-sheet": ("support", "/queues/", ("Vertrieb", "Set-up sheet")),
    "support-bundle": ("support", "/support/bundle/", ()),
    "import": ("admin", "/imports/new/", ()),
    "users": ("superuser", "/users/", ()),
    "user-new": ("superuser", "/users/new/", ()),
    "roles": ("superuser", "/roles/", ()),
    "role": ("superuser", "/roles/3/", ()),
    "queue-groups": ("superuser", "/queue-groups/", ()),
    "keys": ("admin", "/queues/", ("?",)),
    "not-found": ("admin", "/nowhere/", ()),
}


def main() -> None:
    """Take each picture wide and light, and narrow and dark."""
    data_dir = Path(os.environ.get("DATA_DIR", ROOT / "var"))
    local = json.loads((data_dir / "local.json").read_text())
    passwords = {user["username"]: user["password"] for user in local["users"]}
    PICTURES.mkdir(parents=True, exist_ok=True)
    with running_browser() as browser:
        for form in ("wide", "narrow"):
            pages = {name: sign_in(browser, local["url"], name, passwords[name], form) for name in passwords}
            for name, (username, path, presses) in PAGES.items():
                page = pages[username]
                page.goto(path)
                for text in presses:
                    press(page, text)
                take(page, f"{name}-{form}")


def sign_in(browser: Browser, url: str, username: str, password: str, form: str) -> Page:
    """Return a page signed in; the sign-in page itself is one of the pictures."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": 1280, "height": 800} if form == "wide" else {"width": 400, "height": 800},
        color_scheme="light" if form == "wide" else "dark",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/")
    if username == "admin":
        take(page, f"sign-in-{form}")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    return page


def press(page: Page, text: str) -> None:
    """Press the first visible link or button with the text; ``?`` is a key."""
    if text == "?":
        page.keyboard.press(text)
        return
    found = page.locator("a:visible, button:visible").filter(has_text=text)
    named = page.get_by_role("button", name=text)
    (found if found.count() else named).first.click()
    page.wait_for_load_state("networkidle")


def take(page: Page, name: str) -> None:
    """Write the picture once the page is at rest."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    blank = page.context.new_page()
    (PICTURES / f"{name}.png").write_bytes(small_png(blank, page.screenshot()))
    blank.close()


if __name__ == "__main__":
    main()
