"""How often one person may ask for checks, and that asking twice asks once."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import As, incoming
from tests.tokenchecks.runs import GOOD, claimed
from tokenchecks.models import CheckRound, CheckRun
from tokenchecks.services import limits
from tokenchecks.worker.close import finish

pytestmark = pytest.mark.django_db


def texts(client: Client, url: str) -> str:
    """Return the page of the URL, which shows the messages that wait."""
    return client.get(url).content.decode()


def test_check_now_refuses_what_no_person_needs_and_serves_others(signed_in: As) -> None:
    server = incoming()
    admin, url = signed_in("admin"), reverse("tokenchecks:check_now", args=["incoming_server", server.pk])
    CheckRun.objects.all().delete()
    for _ in range(limits.ACTS_PER_MINUTE):
        admin.post(url)
        finish(claimed(CheckRun.objects.get(state="queued")), GOOD, summary="")
    asked = CheckRun.objects.count()
    assert asked == limits.ACTS_PER_MINUTE
    refused = admin.post(url, {"next": server.get_absolute_url()})
    assert refused["Location"] == server.get_absolute_url()
    assert "You have asked for 60 checks within a minute." in texts(admin, server.get_absolute_url())
    assert CheckRun.objects.count() == asked
    signed_in("support").post(url)
    assert CheckRun.objects.count() == asked + 1


def test_check_all_that_is_sent_twice_begins_one_round(signed_in: As) -> None:
    incoming()
    admin = signed_in("admin")
    found = re.search(r'name="new_id" value="([^"]+)"', texts(admin, reverse("tokenchecks:standing_list")))
    assert found
    answers = [admin.post(reverse("tokenchecks:check_all"), {"new_id": found[1]})["Location"] for _ in range(6)]
    [round_] = CheckRound.objects.all()
    assert set(answers) == {round_.get_absolute_url()}


def test_check_all_refuses_what_no_person_needs(signed_in: As) -> None:
    incoming()
    admin, url = signed_in("admin"), reverse("tokenchecks:check_all")
    for _ in range(limits.ROUNDS_PER_TEN_MINUTES + 1):
        last = admin.post(url)
    assert CheckRound.objects.count() == limits.ROUNDS_PER_TEN_MINUTES
    assert last["Location"] == reverse("tokenchecks:standing_list")
    assert "20 times within ten minutes" in texts(admin, last["Location"])
