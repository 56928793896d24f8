"""Who takes what away in files, and that no secret goes along."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from configurator.vault.models import SealedSecret
from tests.console.export_lists import LIST, LISTS, OFFERED, QUEUES
from tests.console.exported import rows_in, taken
from tests.mailsettings.slots import FIRST, THIRD, switched, with_next
from tests.people import As, address, incoming, person
from tests.queues.typed import PASSWORD
from tests.trail import trailed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", LISTS)
def test_who_may_not_see_a_list_takes_nothing_away(name: str, signed_in: As) -> None:
    nobody = person("support")
    nobody.groups.clear()
    client = Client()
    client.force_login(nobody)

    with trailed() as events:
        assert client.get(reverse(name), {"format": "csv"}).status_code == 403
        assert Client().get(reverse(name), {"format": "csv"}).status_code == 302
    assert events == []


def test_only_what_the_list_shows_to_the_person_is_taken(signed_in: As) -> None:
    address(server=incoming(name="Hidden"))
    client = signed_in("queues")
    group = person("queues").groups.get()
    kept = group.permissions.filter(codename__in=["view_checkrun", "view_queue"])
    person("queues").user_permissions.set([])
    group.permissions.set(kept)

    rows = rows_in(client, reverse("tokenchecks:standing_list"), "json")

    assert {row["Of"] for row in rows} == {"Queue address"}


@pytest.mark.parametrize("format_", ["pdf", "", "CSV", "a\x00b"])
def test_a_format_that_is_not_offered_is_404(format_: str, signed_in: As) -> None:
    client = signed_in("superuser")

    assert client.get(QUEUES, {"format": format_}).status_code == 404
    assert client.get(reverse("console:audit_log"), {"format": "tab"}).status_code == 404


def test_who_took_what_away_is_in_the_audit_log(signed_in: As) -> None:
    client = signed_in("support")

    with trailed() as events:
        taken(client, LIST, "xlsx", q="Contoso", status="broken")

    [event] = events
    assert (event.actor_name, event.action, event.kind) == ("support", "exported", "list")
    assert event.object_name == "Incoming Mail Servers"
    assert event.after == {"format": "XLSX", "Search": "Contoso", "Status": "broken"}
    assert "Incoming Mail Servers" in client.get(reverse("console:audit_log")).content.decode()


@pytest.mark.parametrize(("name", "format_"), OFFERED)
def test_no_file_holds_a_secret_an_envelope_or_a_fingerprint(name: str, format_: str, signed_in: As) -> None:
    server = incoming(secret=FIRST)
    with_next(switched(server), THIRD)
    address(server=incoming(name="User", authentication_type="oauth_user"), password=PASSWORD)
    client = signed_in("superuser")

    with CaptureQueriesContext(connection) as made:
        said = str(rows_in(client, reverse(name), format_))

    # Which servers share a secret is told by the database; of all others the table is not even read.
    assert name == "queues:secret_list" or "vault_sealedsecret" not in str(made.captured_queries)
    for sealed in SealedSecret.objects.all():
        for hidden in (sealed.fingerprint, sealed.destination_digest, bytes(sealed.envelope).hex()):
            assert hidden not in said
    for secret in (FIRST, THIRD, PASSWORD):
        assert secret not in said
