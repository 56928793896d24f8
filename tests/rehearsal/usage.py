"""What somebody does with the console in a rehearsal: sign in, set up, see the checks end."""

import http.client
import json
import re
import secrets
import time

from tests.rehearsal.browser import Browser
from tests.rehearsal.errors import RehearsalError
from tests.rehearsal.proxy import Proxy

PATIENCE = 60.0
USER = {"username": "rehearsal", "role": "Superuser"}
PASSWORD = secrets.token_urlsafe(16)


def first_user() -> str:
    """Return the first user as `manage.py ensure_users` wants him on its standard input."""
    return json.dumps([USER | {"password": PASSWORD}])


def use(port: int, host: str, steps: dict[str, str]) -> None:
    """Use the console behind the web port as an administrator does; RehearsalError where it is not as it should be."""
    _refuses_plain_http(port, host)
    with Proxy(host, port) as proxy:
        browser = Browser(host, proxy.port, proxy.trust())
        page = browser.send("/sign-in/", username=USER["username"], password=PASSWORD)
        if "Strict-Transport-Security" not in browser.headers:
            raise RehearsalError("pages over https come without Strict-Transport-Security")
        if "Sign out" not in page:
            raise RehearsalError("signing in led to a page without Sign out")
        for style in re.findall(r'<link rel="stylesheet" href="([^"]+)"', page):
            browser.get(style)
        typed = {name: steps[name] for name in ("address", "client_id", "secret")}
        browser.send("/e-mail-settings/incoming/new/", name="Rehearsal", authentication_type="oauth_service", **typed)
        server = browser.address.rstrip("/").rpartition("/")[2]
        _sees_a_good_check(browser, f"/token-checks/incoming_server/{server}/panel/")
        browser.send("/queues/new/", name="Rehearsal")
        typed = {"address": steps["mailbox"], "account": steps["account"], "server": server}
        page = browser.send(f"{browser.address}?address=new", **typed)
        (address,) = set(re.findall(r'id="address-([0-9a-f-]{36})"', page))
        _sees_a_good_check(browser, f"/token-checks/address/{address}/panel/")


def _refuses_plain_http(port: int, host: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/sign-in/", headers={"Host": host})
    answer = connection.getresponse()
    if answer.status != http.client.MOVED_PERMANENTLY or answer.headers["Location"] != f"https://{host}/sign-in/":
        raise RehearsalError(f"plain http is answered by {answer.status} and not led to https")
    connection.close()


def _sees_a_good_check(browser: Browser, panel: str) -> None:
    """Look at the panel of a check until that has ended; RehearsalError where it did not end well."""
    deadline = time.monotonic() + PATIENCE
    while 'data-open="false"' not in (page := browser.get(panel)):
        if time.monotonic() > deadline:
            raise RehearsalError(f"the check at {panel} did not end within {PATIENCE:g} s")
        time.sleep(0.5)
    if "✓" not in page or 'class="check-panel ok"' not in page:
        raise RehearsalError(f"the check at {panel} ended with {' '.join(re.sub('<[^>]*>', ' ', page).split())[:300]}")
