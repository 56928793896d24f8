"""Who may open and save what: each cell of the table of addresses, asked with real requests."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.console.urls import EVERYONE, FORGED, OUTSIDE, URLS, Url, patterns, records, rows
from tests.people import As, person
from tests.queues.typed import QUEUE

# What saves, adds or deletes: a form that posts to a record, a link to one that is made or copied.
BUTTON = re.compile(
    r"<(?:button|a)\b[^>]*>\s*(?:Save|Add|Delete|Copy(?! for Microsoft)|Edit)\b[^<]*<"
    r"|id=\"record-form\"|id=\"address-form\""
)
ANONYMOUS = "anonymous"
# Records that a number names.
NUMBERED = {"role": 10**9, "event": 10**9, "view": 10**9}
SERVED = {200, 302, 409, 422}
REFUSED = {403}
NO_SUCH_METHOD = {405}
# The start page says that he has no role yet; the others hold nothing.
SEEN_WITHOUT_A_ROLE = {"console:start", "console:healthz", "console:theme", "accounts:sign_in", "accounts:password"}
pytestmark = pytest.mark.django_db


class People:
    """The four people and a stranger, each with a session that outlasts what a request does to it."""

    def __init__(self, signed_in: As) -> None:
        """Sign them in."""
        name = settings.SESSION_COOKIE_NAME
        self.sessions = {who: signed_in(who).cookies[name].value for who in EVERYONE}

    @contextmanager
    def ask(self, who: str, method: str, path: str, *, keep: bool = False) -> Iterator[Any]:
        """Give the answer to one request; what it wrote is taken back unless it is to be kept."""
        client = Client()
        if who != ANONYMOUS:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        with nullcontext() if keep else transaction.atomic():
            yield client.generic(method, path) if method != "POST" else client.post(path, FORGED)
            if not keep:
                transaction.set_rollback(True)


@pytest.fixture
def people(signed_in: As) -> People:
    """Return the people."""
    return People(signed_in)


def wanted(url: Url, who: str, method: str) -> set[int]:
    """Return the answers that the table's cell allows."""
    may, other = (url.post, url.get) if method == "POST" else (url.get, url.post)
    if not may:
        return NO_SUCH_METHOD if who in other or url.open else NO_SUCH_METHOD | REFUSED
    if who not in may and not url.open:
        return {404} if url.hides else REFUSED
    if method == "POST":
        return SERVED
    return {302} if url.back and who != ANONYMOUS else {200}


def is_sent_to_sign_in(answer: Any) -> bool:
    """Tell whether the answer leads to the sign-in page."""
    return answer.status_code == 302 and str(answer["Location"]).startswith(f"{reverse('accounts:sign_in')}?next=")


def fits(url: Url, who: str, method: str, answer: Any) -> bool:
    """Tell whether the answer is the one of the table's cell."""
    if who == ANONYMOUS and not url.open:
        return is_sent_to_sign_in(answer)
    return int(answer.status_code) in wanted(url, who, method)


@pytest.mark.slow
def test_each_cell_of_the_table(people: People) -> None:
    known, wrong = records(), {}
    before = rows()
    for url in URLS:
        path = url.path(known)
        for who in (ANONYMOUS, *EVERYONE):
            for method in ("GET", "POST"):
                changes = url.noted or (method == "POST" and (url.open or who in url.post) and not url.reads)
                with people.ask(who, method, path, keep=not changes) as answer:
                    if not fits(url, who, method, answer):
                        wrong[f"{url} {who} {method}"] = answer.status_code
        if rows() != before:
            wrong[f"{url}"], before = "wrote", rows()

    assert wrong == {}


@pytest.mark.slow
def test_other_methods_are_refused_everywhere(people: People) -> None:
    known, served = records(), {}
    for path in [*(url.path(known) for url in URLS), *OUTSIDE]:
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            with people.ask("superuser", method, path, keep=True) as answer:
                if answer.status_code != 405:
                    served[f"{method} {path}"] = answer.status_code
        with people.ask(ANONYMOUS, "DELETE", path, keep=True) as answer:
            assert answer.status_code == 405

    assert served == {}


def test_a_head_is_answered_as_a_get_is(people: People) -> None:
    known, wrong = records(), {}
    for url in URLS:
        with people.ask("superuser", "HEAD", url.path(known)) as answer:
            if answer.status_code not in wanted(url, "superuser", "GET"):
                wrong[str(url)] = answer.status_code

    assert wrong == {}


def test_each_address_has_a_line_in_the_table() -> None:
    lines = {url.name for url in URLS}
    routes = [(name, route) for name, route in patterns()]
    for name, route in routes:
        assert name, f"{route} has no name: give its path() a name"
        assert name in lines, (
            f'{route} has no line: add Url("{name}", …) to URLS in tests/console/urls.py, with the records that it is '
            "about (if new, stored in records() there), who may open it (get=) and who may send to it (post=); then "
            "run `make rules`"
        )
    names = [name for name, _ in routes]
    assert lines <= {*names}, "URLS in tests/console/urls.py names an address that is not served"
    assert len(set(names)) == len(names), "two addresses have one name"


def test_nothing_is_served_outside_the_table(people: People) -> None:
    for path, status in OUTSIDE.items():
        for who in (ANONYMOUS, *EVERYONE):
            with people.ask(who, "GET", path, keep=True) as answer:
                assert answer.status_code == status, (who, path)
                answer.close()
            with people.ask(who, "POST", path, keep=True) as answer:
                assert answer.status_code in (404, 405), (who, path)


def test_who_may_send_finds_the_page_to_which_an_address_leads_back(people: People) -> None:
    known = records()
    for url in URLS:
        if not url.back or url.open:
            continue
        for who in url.post:
            with people.ask(who, "GET", url.path(known)) as answer:
                back = answer["Location"]
            with people.ask(who, "GET", back) as page:
                assert page.status_code == 200, (str(url), who)


def test_support_sees_everything_without_a_button_to_save_it(people: People) -> None:
    known, found = records(), {}
    for url in URLS:
        if "support" in url.get and not url.back:
            with people.ask("support", "GET", url.path(known)) as answer:
                if buttons := BUTTON.findall(answer.getvalue().decode()):
                    found[str(url)] = buttons

    assert found == {}


def test_a_user_without_a_role_sees_nothing_but_his_start_page() -> None:
    nobody = person("support")
    nobody.groups.clear()
    client = Client()
    client.force_login(nobody)
    known, shown = records(), set()

    for url in URLS:
        path = url.path(known)
        answers = {client.get(path).status_code}
        if url.name != "accounts:sign_out":
            answers.add(client.post(path, FORGED).status_code)
        if not answers <= {403, 405}:
            shown.add(url.name)

    assert shown == SEEN_WITHOUT_A_ROLE


def test_what_is_not_there_is_404(people: People) -> None:
    wrong = {}
    for url in URLS:
        if not url.about:
            continue
        path = url.path({key: NUMBERED.get(key, uuid.uuid4()) for key in url.about})
        for method, may in (("GET", url.get), ("POST", url.post)):
            with people.ask("superuser", method, path) as answer:
                if answer.status_code != (404 if may else 405):
                    wrong[f"{url} {method}"] = answer.status_code
        with people.ask("superuser", "GET", path.replace(path.split("/")[-2], "nonsense") + "x") as answer:
            if answer.status_code != 404:
                wrong[f"{url} nonsense"] = answer.status_code

    assert wrong == {}


def test_the_queue_administrator_saves_queues_and_no_server(signed_in: As) -> None:
    known, client = records(), signed_in("queues")
    server = reverse("mailsettings:incoming", args=[known["server"]])

    assert client.post(server, FORGED).status_code == 403
    assert client.get(server).status_code == 200
    assert client.post(reverse("mailsettings:outgoing"), FORGED).status_code == 403
    assert client.post(reverse("queues:queue", args=[known["queue"]]), QUEUE | {"version": "1"}).status_code == 302
