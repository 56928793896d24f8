"""NUL, control characters, halves of characters, huge numbers and garbage: a message, never a fault."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.console.urls import records, rows
from tests.mailsettings.slots import THIRD
from tests.mailsettings.typed import INCOMING, OUTGOING
from tests.people import INITIAL, As
from tests.queues.typed import ADDRESS, QUEUE

HOSTILE = {
    "NUL": "a\x00b",
    "bell": "a\x07b",
    "line break": "a\r\nb",
    "escape": "\x1b[31mred",
    "huge number": "9" * 5000,
    "negative": "-9999999999999999999999",
    "right to left": "a\u202eb",
    "noncharacter": "\uffff",
    "markup": "<script>alert(1)</script>'\"",
    "template": "{{ 7|add:7 }}{% now 'Y' %}",
    "percent": "%s%n%%00",
    "long": "x" * 20_000,
}
SLOT_ACTS = {
    "next_secret": {"next_secret": THIRD, "next_secret_expires_on": "2099-12-31"},
    "next_discard": {},
    "switch": {"wipe_on": "2099-12-31", "untested": "on"},
    "roll_back": {},
    "previous_wipe": {},
}
TEST_MAIL = {"key": "", "recipient": "ada@contoso.example", "confirmed": "on"}
PERSON = {"username": "lee", "first_name": "Lee", "last_name": "Ng", "email": "lee@contoso.example", "is_active": "on"}
FORMS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "mailsettings:incoming_new": ((), INCOMING),
    "mailsettings:incoming": (("server",), INCOMING | {"version": "1"}),
    "mailsettings:outgoing": ((), OUTGOING | {"port": "443", "version": "1"}),
    **{
        f"mailsettings:{kind}_{act}": (about, typed | {"version": "1"})
        for kind, about in (("incoming", ("server",)), ("outgoing", ()))
        for act, typed in SLOT_ACTS.items()
    },
    "queues:queue_new": ((), QUEUE | {"description": "", "language": "en", "max_email_kb": "1", "required_agent": ""}),
    "queues:address_new": (
        ("queue",),
        ADDRESS | {"priority": "1", "extension_language": "", "sender": "on", "password": ""},
    ),
    "tokenchecks:try_incoming_new": ((), INCOMING | {"mailbox": ""}),
    "tokenchecks:try_incoming": (("server",), INCOMING | {"version": "1", "mailbox": ""}),
    "tokenchecks:try_outgoing": ((), OUTGOING | {"port": "443", "version": "1"}),
    "tokenchecks:try_address_new": (("queue",), ADDRESS | {"priority": "1", "sender": "on", "password": ""}),
    "tokenchecks:dry_run": (("address",), {}),
    "tokenchecks:test_mail_address": (("address",), TEST_MAIL),
    "tokenchecks:test_mail_outgoing": ((), TEST_MAIL | {"sender": "nobody@contoso.example"}),
    "console:user_new": ((), PERSON | {"groups": "", "password1": INITIAL, "password2": INITIAL}),
    "console:user": (("user",), PERSON | {"groups": "", "version": "1"}),
    "console:user_password": (("user",), {"password1": INITIAL, "password2": INITIAL}),
    "console:role_new": ((), {"name": "Late shift", "queue": "view"}),
    "console:role": (("role",), {"name": "Late shift", "queue": "view", "version": "1"}),
    "alarms:dismiss": (("kind", "address"), {"reason": "known", "until": "2030-01-01"}),
}
# A page with messages, another one, or for a check before save the page with its panel; the eleventh in a minute waits.
ANSWERS = (200, 302, 409, 422, 429)
SEARCHED = {
    "mailsettings:incoming_list": ["q", "status", "authentication_type", "page", "sort", "format"],
    "mailsettings:incoming_pick": ["server_search", "type"],
    "mailsettings:incoming_new": ["copy", "name", "part"],
    "queues:queue_list": ["q", "status", "enabled", "page", "sort", "format"],
    "queues:queue_new": ["copy", "name", "part"],
    "queues:address_export": ["q", "status", "enabled", "format"],
    "queues:secret_list": ["q", "ends", "page", "sort", "format"],
    "tokenchecks:standing_list": ["q", "status", "kind", "error_class", "who", "page", "sort", "format"],
    "tokenchecks:run_list": ["q", "page", "format"],
    "tokenchecks:code_list": ["q", "class_", "who", "page", "format"],
    "tokenchecks:address_list": ["q", "cause", "tenant", "language", "checked", "columns", "per_page", "sort"],
    "tokenchecks:risk_list": ["q", "status", "server", "page", "sort", "format"],
    "alarms:list": ["q", "state", "topic", "page", "sort", "format"],
    "console:audit_proof": ["begin", "end"],
    "console:whole": ["q", "kind", "at", "at_event", "page", "format"],
    "console:compare": ["q", "since", "until", "kind", "what", "server", "tenant", "page", "format"],
    "console:audit_log": [
        *("q", "who", "kind", "action", "field", "begin", "end", "object", "request", "page", "format")
    ],
    "console:user_list": ["q", "role", "is_active", "page", "sort", "format"],
    "console:role_new": ["copy"],
}
pytestmark = pytest.mark.django_db


def send(client: Client, name: str, known: dict[str, Any], /, **typed: str) -> Any:
    """Post the form with these values in place of right ones."""
    about, right = FORMS[name]
    path = reverse(name, args=[known[key] for key in about])
    return client.post(path, {"server": str(known["server"])} | right | typed)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_hostile_all_over_is_answered_with_a_page(name: str, signed_in: As) -> None:
    known, client = records(), signed_in("superuser")

    for kind, value in HOSTILE.items():
        answer = send(client, name, known, **dict.fromkeys(FORMS[name][1], value))

        assert answer.status_code in ANSWERS, kind
        assert "<script>alert(1)" not in answer.content.decode(), kind


@pytest.mark.parametrize("name", FORMS)
def test_one_hostile_field_is_answered_with_a_page(name: str, signed_in: As) -> None:
    known, client = records(), signed_in("superuser")

    for field in (*FORMS[name][1], "server"):
        for kind in ("NUL", "right to left"):
            assert send(client, name, known, **{field: HOSTILE[kind]}).status_code in ANSWERS, (field, kind)


def test_bytes_that_are_no_text_are_answered_with_a_page(signed_in: As) -> None:
    form = "application/x-www-form-urlencoded"

    answer = signed_in("superuser").post(reverse("queues:queue_new"), b"name=%ED%B2%80%FF&priority=%80", form)

    assert answer.status_code == 422


@pytest.mark.parametrize(("name", "field"), [(name, field) for name, fields in SEARCHED.items() for field in fields])
def test_an_address_line_answers_with_a_page(name: str, field: str, signed_in: As) -> None:
    records()
    client = signed_in("superuser")

    for kind, value in HOSTILE.items():
        answer: Any = client.get(reverse(name), {field: value[:2000]})

        assert answer.status_code in (200, 302, 404), kind
        assert "<script>alert(1)" not in answer.getvalue().decode(), kind


@pytest.mark.parametrize("name", [name for name in FORMS if name != "queues:address_new"])
def test_an_empty_post_saves_nothing(name: str, signed_in: As) -> None:
    about, _ = FORMS[name]
    known = records()
    client, before = signed_in("superuser"), rows()

    answer = client.post(reverse(name, args=[known[key] for key in about]))

    assert answer.status_code in (409, 422)
    assert rows() == before
