"""Dates: one rule wherever one is typed, what is said of the others, and what is taken of a moment."""

import argparse
from datetime import date
from typing import Literal

import pytest
from babel.dates import get_month_names
from django.contrib.messages import get_messages
from django.urls import reverse

from configurator.audit.management.commands.audit_export import day
from configurator.console.objects.fields import DateInput
from configurator.dates import NotADate, read_date
from configurator.months import LANGUAGES, WIDTHS
from mailsettings.models import IncomingServer
from tests.mailsettings.typed import INCOMING
from tests.people import As

LAST_OF_MARCH = date(2027, 3, 31)
WRITE = "Write it as year-month-day, such as 2027-03-31."
REFUSED = {
    "11/05/2027": "11/05/2027 is 2027-05-11 in some countries and 2027-11-05 in others. Write the one that is meant, "
    "as year-month-day.",
    "01.02.2027 10:00": "01.02.2027 is 2027-01-02 in some countries and 2027-02-01 in others. Write the one that is "
    "meant, as year-month-day.",
    "3/31/2027 12:00:00 AM": "Dates are written as year-month-day: write 2027-03-31.",
    "31. 3. 2027": "Dates are written as year-month-day: write 2027-03-31.",
    "05/05/2027": "Dates are written as year-month-day: write 2027-05-05.",
    "2027/03/31": "Dates are written as year-month-day: write 2027-03-31.",
    "2027年3月31日": "Dates are written as year-month-day: write 2027-03-31.",
    "31-Mar-2027": "Dates are written as year-month-day: write 2027-03-31.",
    "Wednesday, March 31st, 2027": "Dates are written as year-month-day: write 2027-03-31.",
    "31-Mar-27": f"The year has to have four digits. {WRITE}",
    "27-03-31": f"The year has to have four digits. {WRITE}",
    "31 lipca 2027": "Dates are written as year-month-day: write 2027-07-31.",
    "3. März": f"The year is missing. {WRITE}",
    "März 2027": f"The day is missing. {WRITE}",
    "31-Mrz-27": f"The year has to have four digits. {WRITE}",
    "30 lutego 2027": f"There is no such day in the calendar. {WRITE}",
    "5 listopad 2027": "5 listopad 2027 is 2027-10-05 in some languages and 2027-11-05 in others. Write the one that "
    "is meant, as year-month-day.",
    "31.2.2027": f"There is no such day in the calendar. {WRITE}",
    "2027-02-29": "There is no 2027-02-29: the last day of that month is 2027-02-28.",
    "2027-31-03": "There is no month 31. If 2027-03-31 is meant, write that.",
    "2027-31-31": f"There is no month 31. {WRITE}",
    "2027-01-00": f"There is no day 0. {WRITE}",
    "9999-12-31": "The year 9999 cannot be meant: it has to be from 1900 to 2999.",
    "46477": f"This is a number, as spreadsheets keep days. Format the cell as a date. {WRITE}",
    "46477.4271": f"This is a number, as spreadsheets keep days. Format the cell as a date. {WRITE}",
    "20270331": "Dates are written as year-month-day: write 2027-03-31.",
    "20271331": f"This is no date. {WRITE}",
    "2027-03-31 25:00": "Dates are written as year-month-day: write 2027-03-31.",
    "2027-03-31 CET": "Dates are written as year-month-day: write 2027-03-31.",
    "2027-03-31+02:00": "Dates are written as year-month-day: write 2027-03-31.",
    '"2027-03-31"': "Dates are written as year-month-day: write 2027-03-31.",
    "２０２７-０３-３１": "Dates are written as year-month-day: write 2027-03-31.",
    "٢٠٢٧-٠٣-٣١": "Dates are written as year-month-day: write 2027-03-31.",
    "2027-03": f"This is no date. {WRITE}",
    "31 Marvel 2027": f"This is no date. {WRITE}",
    "tomorrow": f"This is no date. {WRITE}",
    "Xk8~a3-bb.2027-11": f"This is no date. {WRITE}",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_year_month_day_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(NotADate) as refused:
        read_date(text)

    assert str(refused.value) == REFUSED[text]


@pytest.mark.parametrize(
    "text",
    [
        "31. März 2027", "31 mars 2027", "31 mar 2027", "31 de marzo de 2027", "den 31 mars 2027", "31. Maerz 2027",
        "mar. 31 mars 2027", "Mittwoch, 31. März 2027", "31 марта 2027 г.", "31 Μαρτίου 2027", "2027. március 31.",
        "2027 m. kovo 31 d.", "2027. gada 31. marts", "31 MART 2027", "31 במרץ 2027", "٣١ مارس ٢٠٢٧", "31 آذار 2027",
        "31 มีนาคม 2570", "2027년 3월 31일", "ngày 31 tháng 3 năm 2027", "31. maaliskuuta 2027", "31 maart 2027",
    ],
)  # fmt: skip
def test_months_are_known_by_their_names_in_other_languages(text: str) -> None:
    with pytest.raises(NotADate) as refused:
        read_date(text)

    assert str(refused.value) == "Dates are written as year-month-day: write 2027-03-31."


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_of_a_month_is_taken_or_read_as_another_month(
    language: str, width: Literal["wide", "abbreviated"]
) -> None:
    for number, name in get_month_names(width, "format", language).items():
        with pytest.raises(NotADate) as refused:
            read_date(f"15 {name} 2027")

        assert f"2027-{number:02}-15" in str(refused.value), name


@pytest.mark.parametrize(
    "text",
    [
        "2027-03-31 10:15:00",
        "2027-03-31 10:15",
        "2027-03-31T10:15:00Z",
        "2027-03-31T10:15:00.123456+02:00",
        "2027-03-31 10:15:00 UTC",
    ],
)
def test_of_a_moment_the_date_is_taken_and_the_time_of_day_named(text: str) -> None:
    found = read_date(text)

    assert found.day == LAST_OF_MARCH
    assert found.note.startswith("Taken as 2027-03-31: the time of day 10:15")


@pytest.mark.parametrize("text", ["2027-03-31", " 2027-3-31\u00a0", "\u200e2027\u200e-03\u200e-31"])
def test_a_date_says_nothing_more(text: str) -> None:
    assert (read_date(text).day, read_date(text).note) == (LAST_OF_MARCH, "")


@pytest.mark.django_db
def test_a_form_takes_the_date_of_a_moment_and_says_so(signed_in: As) -> None:
    saved = signed_in("admin").post(
        reverse("mailsettings:incoming_new"), INCOMING | {"secret_expires_on": "2031-01-31T00:00:00Z"}
    )

    assert IncomingServer.objects.get().secret_expires_on == date(2031, 1, 31)
    said = [str(message) for message in get_messages(saved.wsgi_request)]
    assert "Secret expires on: Taken as 2031-01-31: the time of day 00:00:00Z is left out." in said


@pytest.mark.django_db
def test_a_date_that_is_refused_stays_to_be_seen(signed_in: As) -> None:
    page = signed_in("admin").post(
        reverse("mailsettings:incoming_new"), INCOMING | {"secret_expires_on": "03/04/2027"}
    ).content.decode()  # fmt: skip

    assert '<input type="text" name="secret_expires_on" value="03/04/2027"' in page
    assert not IncomingServer.objects.exists()


def test_what_is_picked_stays_a_picker() -> None:
    picker = DateInput().render("until", LAST_OF_MARCH)

    assert picker == '<input type="date" name="until" value="2027-03-31">'


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["begin", "end"])
def test_filters_hold_to_the_same_rule(name: str, signed_in: As) -> None:
    admin = signed_in("admin")

    page = admin.get(reverse("console:audit_log"), {name: "03/04/2027"}).content.decode()
    assert "03/04/2027 is 2027-03-04 in some countries and 2027-04-03 in others." in page
    assert admin.get(reverse("console:audit_proof"), {name: "03/04/2027"}).status_code == 404


@pytest.mark.django_db
def test_a_moment_that_two_countries_read_differently_is_refused(signed_in: As) -> None:
    page = signed_in("admin").get(reverse("console:compare"), {"since": "03/04/2027 10:00"})

    assert "Enter day and time, as in 2026-01-31 14:05." in page.content.decode()


def test_commands_hold_to_the_same_rule() -> None:
    assert day("2027-03-31").date() == LAST_OF_MARCH
    with pytest.raises(argparse.ArgumentTypeError, match="in some countries"):
        day("03/04/2027")
