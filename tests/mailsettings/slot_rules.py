"""The rules of the secret slots, which are the same on both screens."""

from collections.abc import Callable
from typing import Any

from django.db.models import F

from tests.mailsettings.slots import FIRST, THIRD
from tests.mailsettings.typed import CLIENT
from tests.rules import Place, rule

At = Callable[[str, str], Place]
Mark = Callable[[Any], Any]
ANOTHER_ORDER = "Dates are written as year-month-day: write 2027-03-31."
NOT_A_DATE = "This is no date. Write it as year-month-day, such as 2027-03-31."
CHOOSE_A_DAY = (
    "Choose the day on which the secret in use until now is wiped: today for at once, at most 90 days from now. "
    "Until then you can roll back."
)
NEW_VALUE = (
    "In Entra, Certificates & secrets, copy the column Value; it is shown only right after the secret is made, so you "
    "may have to make a new one."
)
NO_SECRET = "No secret is in use that a next one could follow. OAuth User takes none; else enter the current one first."


def _all(*marks: Mark) -> Mark:
    """Return the marks as one, the first on top."""

    def mark(test: Any) -> Any:
        for one in reversed(marks):
            test = one(test)
        return test

    return mark


def wrong_next_secrets(at: At, prefix: str, secret: str) -> Mark:
    """Return the rules of the form of the next secret, for a server whose current one stands in ``secret``."""
    text, date = at("Next secret", "next_secret"), at("Next secret expires on", "next_secret_expires_on")
    return _all(
        rule(
            text,
            "required",
            "",
            "Enter the new client secret: the column Value in Certificates & secrets.",
            constraint=f"{prefix}_next_date_has_secret",
            past={"next_secret": None, "next_secret_expires_on": "2031-01-31"},
        ),
        rule(
            text,
            "not the secret in use",
            FIRST,
            "This is the secret already in use. Create another one in Entra and enter its Value.",
            constraint=f"{prefix}_slots_differ",
            past={"next_secret": F(secret)},
        ),
        rule(text, "not the Secret ID", CLIENT, f"This is the Secret ID, not the secret. {NEW_VALUE}"),
        rule(
            text,
            "not the masked secret",
            "abc****************",
            f"This is the secret as it is masked later. {NEW_VALUE}",
        ),
        rule(
            text,
            "no blanks around",
            f" {THIRD} ",
            "It begins or ends with a blank. Entra's secrets never do. Copy the Value again, without the blanks.",
        ),
        rule(text, "no line break", f"{THIRD}\n", "It holds a line break or another control character. Copy it again."),
        rule(text, "no NUL", f"{THIRD}\x00", "A control character is in here. Take it out, or type the text anew."),
        rule(text, "at most 256 characters", "s" * 257, f"This is longer than any client secret. {NEW_VALUE}"),
        rule(date, "year-month-day", "31.3.2027", ANOTHER_ORDER),
        rule(
            date,
            "not in the past",
            "2020-01-31",
            "This day has passed, so Microsoft would refuse the secret. Enter the date beside the new secret.",
        ),
    )


def previous_secret(at: At) -> Mark:
    """Return the rule that a secret used before is rolled back to."""
    said = "This is the previous secret. Roll back to use it again, or enter a new one."
    return rule(at("Next secret", "next_secret"), "not the previous secret", FIRST, said)


def odd_date(at: At) -> Mark:
    """Return what is pointed out of a date."""
    return rule(
        at("Next secret expires on", "next_secret_expires_on"),
        "more than 24 months ahead",
        "2099-12-31",
        "Next secret expires on is more than 24 months away, longer than Entra's secrets last: check the year.",
        where="notice",
    )


def no_secret_in_use(at: At, text: str, **past: Any) -> Mark:
    """Return the rule that a next secret needs a current one."""
    place = at("Next secret", "next_secret")
    return rule(place, text, THIRD, NO_SECRET, where="service", **past)


def wrong_switches(at: At, prefix: str) -> Mark:
    """Return the rules of the form of a switch."""
    day = at("Wipe the current secret on", "wipe_on")
    return _all(
        rule(
            day,
            "required",
            "",
            CHOOSE_A_DAY,
            constraint=f"{prefix}_previous_is_wiped",
            past={"previous_secret": F("next_secret"), "next_secret": None},
        ),
        rule(day, "a date", "next week", NOT_A_DATE),
        rule(day, "not in the past", "2020-01-31", CHOOSE_A_DAY),
        rule(day, "at most 90 days ahead", "2099-12-31", CHOOSE_A_DAY),
        rule(
            at("Switch although the next secret was not tested", "untested"),
            "ticked where the next secret was not tested",
            "",
            "The next secret was not tested. Test it first, or tick to switch to it untested.",
        ),
    )
