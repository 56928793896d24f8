"""What becomes of the secrets in the slots beside the rotation: due, lost with their destination, deleted, re-keyed."""

import uuid

import pytest
from django.core.management import call_command
from pytest_django import Settings

from configurator.audit.models import AuditEvent
from configurator.celery import app
from configurator.vault.keys import new_entry
from configurator.vault.models import SealedSecret
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.rotation import services as rotation
from mailsettings.services import incoming_server_delete, incoming_server_save, outgoing_server_save
from mailsettings.tasks import wipe_due_secrets
from tests.database import together
from tests.mailsettings.slots import FIRST, KINDS, SECOND, THIRD, again, day, server_of, switched, texts, with_next
from tests.people import ACTOR, incoming, outgoing
from tests.trail import trailed
from tests.worker import WorkerProcess, wait_for

pytestmark = pytest.mark.django_db
every_kind = pytest.mark.parametrize("kind", KINDS)


class TestWipeDue:
    """What the clock wipes."""

    def test_each_previous_secret_whose_day_has_come(self) -> None:
        due, later = switched(incoming(secret=FIRST)), switched(incoming(name="Later", secret=FIRST))
        out = switched(outgoing(secret=FIRST))
        for server in (due, out):
            type(server).objects.filter(pk=server.pk).update(previous_wiped_on=day(0))

        with trailed() as events:
            wipe_due_secrets()
            wipe_due_secrets()

        assert [texts(server) for server in (due, later, out)] == [
            (SECOND, "", ""),
            (SECOND, "", FIRST),
            (SECOND, "", ""),
        ]
        assert [(event.action, event.actor_name, event.object_id) for event in events] == [
            ("secret wiped", "wipe_due_secrets", str(due.pk)),
            ("secret wiped", "wipe_due_secrets", str(out.pk)),
        ]

    def test_by_a_worker_that_beat_rings_for(self, worker: WorkerProcess, settings: Settings) -> None:
        server = switched(incoming(secret=FIRST))
        IncomingServer.objects.filter(pk=server.pk).update(previous_wiped_on=day(0))
        entry = settings.CELERY_BEAT_SCHEDULE["wipe-previous-secrets-that-are-due"]

        app.send_task(entry["task"], **entry["options"])

        wait_for(lambda: again(server).previous_secret_id is None)
        assert texts(server) == (SECOND, "", "")

    @pytest.mark.django_db(transaction=True)
    def test_twice_at_once_wipes_once(self) -> None:
        server = switched(incoming(secret=FIRST))
        IncomingServer.objects.filter(pk=server.pk).update(previous_wiped_on=day(-3))
        counted: list[int] = []

        together(*[lambda: counted.append(rotation.secrets_wipe_due())] * 2)

        assert sorted(counted) == [0, 1]
        assert AuditEvent.objects.filter(action="secret wiped").count() == 1


def test_another_destination_wipes_next_and_previous() -> None:
    server = with_next(switched(incoming(secret=FIRST)), THIRD)
    moved = IncomingServer.objects.get(pk=server.pk)
    moved.client_id = uuid.uuid4()

    with trailed() as events:
        incoming_server_save(actor=ACTOR, server=moved, secret=Secret(FIRST))

    assert texts(server) == (FIRST, "", "")
    assert again(server).previous_wiped_on is None
    assert SealedSecret.objects.count() == 1
    assert {name: events[0].after[name] for name in ("secret", "next_secret", "previous_secret")} == {
        "secret": "changed",
        "next_secret": "removed",
        "previous_secret": "removed",
    }


def test_any_other_change_keeps_them_even_from_a_server_that_knows_none() -> None:
    server = with_next(switched(incoming(secret=FIRST)), THIRD)
    before = again(server)
    blank = IncomingServer.objects.get(pk=server.pk)
    blank.name, blank.next_secret, blank.previous_secret, blank.previous_wiped_on = "Renamed", None, None, None

    incoming_server_save(actor=ACTOR, server=blank)

    assert texts(server) == (SECOND, THIRD, FIRST)
    assert again(server).previous_wiped_on == before.previous_wiped_on


def test_oauth_user_and_an_emptied_outgoing_server_keep_none() -> None:
    server, out = with_next(switched(incoming(secret=FIRST)), THIRD), with_next(outgoing(secret=FIRST))
    user = IncomingServer.objects.get(pk=server.pk)
    user.authentication_type = "oauth_user"

    incoming_server_save(actor=ACTOR, server=user)
    outgoing_server_save(actor=ACTOR, server=OutgoingServer.objects.get(pk=out.pk), password=None)
    assert texts(out) == (FIRST, SECOND, "")
    emptied = OutgoingServer.objects.get(pk=out.pk)
    emptied.enabled, emptied.tenant, emptied.server_user = False, "", None
    outgoing_server_save(actor=ACTOR, server=emptied)

    assert (texts(server), texts(out)) == (("", "", ""), ("", "", ""))
    assert not SealedSecret.objects.exists()


def test_deleting_the_server_wipes_all_three() -> None:
    server = with_next(switched(incoming(secret=FIRST)), THIRD)

    incoming_server_delete(actor=ACTOR, server=IncomingServer.objects.get(pk=server.pk))

    assert not SealedSecret.objects.exists()


@every_kind
def test_a_new_vault_key_seals_all_three_anew(kind: str, settings: Settings) -> None:
    server = with_next(switched(server_of(kind)), THIRD)
    settings.VAULT_KEYS = f"{new_entry('fresh')},{settings.VAULT_KEYS}"

    call_command("vault_rotate")

    assert set(SealedSecret.objects.values_list("key_id", flat=True)) == {"fresh"}
    settings.VAULT_KEYS = settings.VAULT_KEYS.partition(",")[0]
    assert texts(server) == (SECOND, THIRD, FIRST)
    assert texts(rotation.previous_secret_wipe(actor=ACTOR, server=server)) == (SECOND, THIRD, "")
