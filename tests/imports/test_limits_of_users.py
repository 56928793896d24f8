"""How many files of one user may wait."""

import io

import pytest
from django.urls import reverse

from imports.models import Import, State
from imports.reading import BadFile
from imports.services import upload
from imports.services.uploading import MOST_KEPT, MOST_WAITING
from tests.database import together
from tests.imports.files import send, tab
from tests.people import As, person

BODY = tab(["Name", "Priority"], ["A", "5"])


def store(count: int, state: State, *, by: str = "admin") -> None:
    """Store so many imports in that state."""
    user = person(by)
    Import.objects.bulk_create(
        Import(kind="queue", file_name="a.txt", user=user, user_name=by, state=state) for _ in range(count)
    )


@pytest.mark.django_db
def test_one_more_file_than_may_wait_is_refused_until_one_is_discarded(signed_in: As) -> None:
    store(MOST_WAITING, State.RECEIVED)
    admin = signed_in("admin")

    refused = send(admin, "queue", BODY)
    assert refused.status_code == 422
    assert f"{MOST_WAITING} of your files wait for a worker already." in refused.content.decode()
    assert Import.objects.count() == MOST_WAITING

    first = Import.objects.first()
    assert first
    discard = reverse("imports:discard", args=[first.pk])
    assert f'action="{discard}"' in admin.get(first.get_absolute_url()).content.decode()
    assert admin.post(discard).status_code == 302
    assert send(admin, "queue", BODY).status_code == 302


@pytest.mark.django_db
def test_dry_runs_that_nobody_applies_are_limited_and_what_ended_counts_for_nothing(signed_in: As) -> None:
    store(MOST_KEPT, State.APPLIED)
    store(MOST_KEPT, State.NOT_READ)
    store(MOST_WAITING, State.RECEIVED, by="queues")
    store(MOST_KEPT - 1, State.READY)
    admin = signed_in("admin")

    assert send(admin, "queue", BODY).status_code == 302
    store(1, State.READY)
    assert f"{MOST_KEPT} of your dry runs wait to be applied." in send(admin, "queue", BODY).content.decode()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_find_no_more_room_than_there_is() -> None:
    store(MOST_WAITING - 2, State.RECEIVED)
    user = person("admin")

    refused: list[BadFile] = []

    def one() -> None:
        try:
            upload(user=user, kind="queue", name="a.txt", file=io.BytesIO(BODY))
        except BadFile as bad:
            refused.append(bad)

    together(*[one] * 6)

    assert len(refused) == 4
    assert Import.objects.filter(state=State.RECEIVED).count() == MOST_WAITING
