"""The queue's own blocks: each rule has its own message."""

import pytest
from django.db import IntegrityError

from queues.forms import QueueForm
from queues.forms.language import CHOOSE_LANGUAGE
from queues.models import Queue
from tests.mailsettings.typed import messages
from tests.people import queue
from tests.queues.typed import QUEUE, queue_form, queue_place
from tests.rules import Rule, rule

NAME = queue_place("Name", "name")
DESCRIPTION = queue_place("Description", "description")
LANGUAGE = queue_place("Queue Language", "language")
PRIORITY = queue_place("Priority", "priority")
SIZE = queue_place("Queue Size", "queue_size")
TIMEOUT = queue_place("Timeout for Contacts to be Picked or Rejected (ms)", "pick_timeout_ms")
MAX_SIZE = queue_place("Max. E-Mail Size (KB)", "max_email_kb")
PREFERRED = queue_place("Preferred Agent", "preferred_agent")
TIME_LIMIT = queue_place("Time Limit for Accepting E-Mails", "accept_time_limit")
REQUIRED = queue_place("Use Required Agent Instead of Preferred Agent", "required_agent")
EXPIRY = queue_place("Default Expiry Time for Required Agent", "required_agent_expiry")
PICKING = queue_place("Allow Picking by Other Communication Panel Agents", "picking_by_others")
HUGE = "9" * 40
pytestmark = pytest.mark.django_db


@rule(NAME, "required", " ", "Name is required: fill it in.", constraint="queue_name_on_one_line", past={"name": " "})
@rule(NAME, "at most 200 characters", "x" * 201, "Shorten it: at most 200 characters fit, this has 201.")
@rule(
    NAME,
    "on one line",
    "a\tb",
    "The 2nd sign is a tab (U+0009). Take it out.",
    constraint="queue_name_on_one_line",
    past={"name": "a\tb"},
)
@rule(NAME, "no NUL", "a\x00b", "The 2nd sign is a null character (U+0000). Take it out.")
@rule(DESCRIPTION, "at most 2000 characters", "x" * 2001, "Shorten it: at most 2000 characters fit, this has 2001.")
@rule(
    DESCRIPTION,
    "no control character",
    "bell \x07",
    "The 6th sign is a control character (U+0007). Take it out.",
)
@rule(DESCRIPTION, "no NUL", "a\x00b", "The 2nd sign is a null character (U+0000). Take it out.")
@rule(
    LANGUAGE,
    "a language of the list",
    "Klingonian",
    CHOOSE_LANGUAGE,
    constraint="queue_language_is_tag",
    past={"language": "german"},
)
@rule(LANGUAGE, "a language that has a name", "xx", CHOOSE_LANGUAGE)
@rule(LANGUAGE, "a region that has a name", "de-XX", CHOOSE_LANGUAGE)
@rule(LANGUAGE, "name and tag of one language", "German – fr", CHOOSE_LANGUAGE)
@rule(LANGUAGE, "no NUL", "d\x00e", "A control character is in here. Take it out, or type the text anew.")
@rule(PRIORITY, "required", "", "Enter a whole number from 1 to 2147483647; the lowest value is the highest priority.")
@rule(
    PRIORITY,
    "from 1",
    "0",
    "Enter a whole number from 1 to 2147483647; the lowest value is the highest priority.",
    constraint="queue_priority_from_1",
    past={"priority": 0},
)
@rule(
    PRIORITY,
    "not negative",
    "-5",
    "Enter a whole number from 1 to 2147483647; the lowest value is the highest priority.",
)
@rule(
    PRIORITY,
    "a whole number",
    "1.5",
    "Enter a whole number from 1 to 2147483647; the lowest value is the highest priority.",
)
@rule(
    PRIORITY, "a number", "high", "Enter a whole number from 1 to 2147483647; the lowest value is the highest priority."
)
@rule(
    PRIORITY,
    "nothing huge",
    HUGE,
    "Enter a whole number from 1 to 2147483647; the lowest value is the highest priority.",
)
@rule(SIZE, "required", "", "Enter a whole number up to 2147483647; 0 or less, such as -1, means unlimited.")
@rule(SIZE, "a whole number", "many", "Enter a whole number up to 2147483647; 0 or less, such as -1, means unlimited.")
@rule(SIZE, "nothing huge", HUGE, "Enter a whole number up to 2147483647; 0 or less, such as -1, means unlimited.")
@rule(
    SIZE,
    "nothing hugely negative",
    f"-{HUGE}",
    "Enter a whole number up to 2147483647; 0 or less, such as -1, means unlimited.",
    constraint="queue_size_in_range",
    past={"queue_size": -(2**31)},
)
@rule(TIMEOUT, "required", "", "Enter a whole number from 0 to 2147483647, in milliseconds; 120000 is two minutes.")
@rule(
    TIMEOUT,
    "not negative",
    "-1",
    "Enter a whole number from 0 to 2147483647, in milliseconds; 120000 is two minutes.",
    constraint="queues_queue_pick_timeout_ms_check",
    past={"pick_timeout_ms": -1},
)
@rule(
    TIMEOUT, "nothing huge", HUGE, "Enter a whole number from 0 to 2147483647, in milliseconds; 120000 is two minutes."
)
@rule(
    MAX_SIZE,
    "from 1",
    "0",
    "Enter a whole number from 1 to 2147483647, in KB; leave it empty for the system's 25600.",
    constraint="queue_size_from_1_kb",
    past={"max_email_kb": 0},
)
@rule(
    MAX_SIZE,
    "a whole number",
    "25 MB",
    "Enter a whole number from 1 to 2147483647, in KB; leave it empty for the system's 25600.",
)
@rule(
    MAX_SIZE,
    "nothing huge",
    HUGE,
    "Enter a whole number from 1 to 2147483647, in KB; leave it empty for the system's 25600.",
)
@rule(
    TIME_LIMIT,
    "not negative",
    "-1",
    "Enter a whole number from 0 to 2147483647: 0 is not in use, 1 means one week, else seconds; empty inherits.",
    constraint="queues_queue_accept_time_limit_check",
    past={"accept_time_limit": -1},
)
@rule(
    TIME_LIMIT,
    "a whole number",
    "one week",
    "Enter a whole number from 0 to 2147483647: 0 is not in use, 1 means one week, else seconds; empty inherits.",
)
@rule(
    EXPIRY,
    "not negative",
    "-1",
    "Enter a whole number from 0 to 2147483647, in seconds; leave it empty for the system's one week.",
    constraint="queues_queue_required_agent_expiry_check",
    past={"required_agent_expiry": -1},
)
@rule(
    EXPIRY,
    "a whole number",
    "1 week",
    "Enter a whole number from 0 to 2147483647, in seconds; leave it empty for the system's one week.",
)
@rule(
    PREFERRED,
    "On, Off or Not Defined",
    "2",
    "Choose On, Off or Not Defined.",
    constraint="queue_preferred_agent_known",
    past={"preferred_agent": 2},
)
@rule(
    PICKING,
    "On, Off or Not Defined",
    "maybe",
    "Choose On, Off or Not Defined.",
    constraint="queue_picking_by_others_known",
    past={"picking_by_others": 2},
)
@rule(
    REQUIRED,
    "On, Off or Not Defined",
    "2",
    "Choose On, Off or Not Defined.",
    constraint="queue_required_agent_known",
    past={"required_agent": 2},
)
@rule(
    REQUIRED,
    "needs Preferred Agent on: not Not Defined",
    "1",
    "It needs Preferred Agent on: set that to On, or this to Off or Not Defined.",
    constraint="queue_required_needs_preferred_agent",
    past={"required_agent": 1},
)
@rule(
    REQUIRED,
    "needs Preferred Agent on: not Off",
    {"preferred_agent": "0", "required_agent": "1"},
    "It needs Preferred Agent on: set that to On, or this to Off or Not Defined.",
    constraint="queue_required_needs_preferred_agent",
    past={"preferred_agent": 0, "required_agent": 1},
)
def test_a_wrong_value_is_refused_with_its_own_message(case: Rule) -> None:
    assert messages(queue_form(**case.typed), case) == [case.message]


def test_the_database_refuses_it_too(past: Rule) -> None:
    stored = Queue.objects.filter(pk=queue().pk)

    with pytest.raises(IntegrityError, match=past.constraint):
        stored.update(**past.past)


@pytest.mark.parametrize(
    ("name", "typed", "stored"),
    [
        ("queue_size", "0", 0),
        ("queue_size", "-1", -1),
        ("pick_timeout_ms", "0", 0),
        ("max_email_kb", "", None),
        ("accept_time_limit", "1", 1),
        ("accept_time_limit", "", None),
        ("preferred_agent", "", None),
        ("preferred_agent", "0", 0),
        ("priority", "2147483647", 2_147_483_647),
        ("language", "pt-BR", "pt-BR"),
        ("language", "pt_br", "pt-BR"),
        ("language", "german", "de"),
        ("language", " German (Austria) – de-AT ", "de-AT"),
        ("language", "Chinese (Traditional, Taiwan)", "zh-Hant-TW"),
        ("language", "zh-CN", "zh-CN"),
        ("language", "zh-Hans-CN", "zh-Hans-CN"),
        ("language", "es-419", "es-419"),
        ("description", "two\r\nlines", "two\nlines"),
    ],
)
def test_what_is_right_is_taken(name: str, typed: str, stored: object) -> None:
    form = queue_form(**{name: typed})

    assert form.is_valid(), form.errors
    assert getattr(form.instance, name) == stored


def test_a_tag_without_a_name_that_is_stored_stays() -> None:
    stored = queue(language="xx")
    assert QueueForm(QUEUE | {"language": "xx"}, instance=stored).is_valid()
    assert not QueueForm(QUEUE | {"language": "yy"}, instance=stored).is_valid()


def test_required_agent_with_preferred_agent_on_is_taken() -> None:
    assert queue_form(preferred_agent="1", required_agent="1").is_valid()
