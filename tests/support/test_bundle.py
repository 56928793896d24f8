"""The support bundle: what is in it, for whom, and that no secret is, in any form."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from configurator.audit.models import AuditEvent
from configurator.vault.models import SealedSecret
from configurator.version import VERSION
from health.findings.services import reconcile
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.rotation import services as rotation
from queues.models import QueueAddress
from support.pseudonyms import Pseudonyms
from tests.canary.hunt import Hunt
from tests.health.alarms.standings import breaks
from tests.mailsettings.slots import with_next
from tests.people import ACTOR, As, address, incoming, outgoing, person, queue

WORDS = "AADSTS50020: User account 'sales@contoso.example' from Kontoso does not exist; contoso.onmicrosoft.com"
ESTATE = reverse("support:bundle")
pytestmark = pytest.mark.django_db


def furnished(hunt: Hunt) -> QueueAddress:
    """Store servers with planted secrets in every slot and addresses with planted passwords; return a broken one."""
    service = incoming(name="Shared", secret=hunt.plant())
    second = rotation.secret_switch(actor=ACTOR, server=with_next(service, hunt.plant()))
    with_next(second, hunt.plant())
    user = incoming(name="Personal", authentication_type="oauth_user")
    home = queue(name="Key accounts", description="Ask Anna Lindqvist")
    address(queue=home, server=user, address="anna@fabrikam.example", password=hunt.plant())
    box = address(
        queue=home, server=service, address="sales@contoso.example", sender=True, earlier_sender="reply@contoso.example"
    )
    breaks([box], "mailbox_unknown", words=WORDS)
    outgoing(secret=hunt.plant(), tenant="contoso.example")
    address(
        queue=queue(name="Elsewhere"), server=incoming(name="Other", secret=hunt.plant()), address="x@other.example"
    )
    reconcile()
    return box


def taken(client: Client, url: str = ESTATE, **chosen: str) -> tuple[bytes, dict[str, Any]]:
    """Take a bundle and return its bytes, and what each file holds."""
    answer = client.get(url, {"format": "zip"} | chosen)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    data = answer.getvalue()
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    texts = {name: archive.read(name).decode() for name in archive.namelist()}
    return data, {name: json.loads(text) if name.endswith(".json") else text for name, text in texts.items()}


def of_queue(box: QueueAddress) -> str:
    """Return where the bundle of the address's queue is."""
    return reverse("support:bundle_of", args=["queue", box.queue_id])


def test_that_of_a_queue_holds_it_with_all_that_it_uses_and_nothing_else(signed_in: As) -> None:
    box = furnished(Hunt())

    files = taken(signed_in("support"), of_queue(box))[1]

    configuration = {name: rows for name, rows in files.items() if name.startswith("configuration/")}
    assert {name: len(rows) for name, rows in configuration.items()} == {
        "configuration/queues.json": 1,
        "configuration/addresses.json": 2,
        "configuration/incoming-servers.json": 2,
        "configuration/outgoing-server.json": 1,
    }
    assert "Elsewhere" not in json.dumps(files)
    assert files["versions.json"]["Configurator"] == VERSION
    assert set(files["versions.json"]) >= {"Python", "msal", "PostgreSQL"}
    check = next(row for row in files["checks.json"] if row["subject_id"] == str(box.pk))
    assert (check["cause"], check["stages"][-1]["provider_words"]) == ("mailbox_unknown", WORDS)
    assert {row["status"] for row in files["standing.json"]} >= {"broken"}
    assert {row["kind"] for row in files["audit.json"]} == {"queue", "address", "incoming_server", "outgoing_server"}
    assert files["findings.json"]
    assert "About:    Key accounts" in files["README.txt"]
    assert all(name in files["README.txt"] for name in files if name != "README.txt")
    server = next(row for row in configuration["configuration/incoming-servers.json"] if row["name"] == "Shared")
    assert server["secret"].keys() == {"stored", "set_at", "set_by_name"}


def test_that_of_a_server_and_that_of_everything(signed_in: As) -> None:
    box = furnished(Hunt())
    client = signed_in("support")

    of_server = taken(client, reverse("support:bundle_of", args=["incoming_server", box.server_id]))[1]
    everything = taken(client)[1]

    assert [row["address"] for row in of_server["configuration/addresses.json"]] == [box.address]
    assert of_server["configuration/outgoing-server.json"] == []
    assert len(everything["configuration/incoming-servers.json"]) == IncomingServer.objects.count()
    assert len(everything["configuration/addresses.json"]) == 3
    assert client.get(reverse("support:bundle_of", args=["user", box.pk])).status_code == 404


@pytest.mark.parametrize("chosen", [{}, {"pseudonyms": "on"}])
def test_no_secret_no_fingerprint_and_no_envelope_is_in_its_bytes(signed_in: As, chosen: dict[str, str]) -> None:
    """In the zip as it is sent and in each file of it, of the estate and of one queue, for whoever may view all."""
    hunt = Hunt()
    box = furnished(hunt)
    for url in (ESTATE, of_queue(box)):
        data, files = taken(signed_in("superuser"), url, **chosen)
        hunt.keep("zip", data)
        hunt.keep("files", json.dumps(files, ensure_ascii=False))
    assert len(hunt.planted) == 6
    assert hunt.hits() == []
    sealed = list(SealedSecret.objects.values_list("fingerprint", "destination_digest", "hint"))
    assert len(sealed) >= 6
    text = hunt.places["files"].decode()
    for fingerprint, digest, _hint in sealed:
        assert fingerprint not in text
        assert digest not in text
    assert "envelope" not in text


def test_pseudonyms_are_stable_and_tell_nobody_whose_it_is(signed_in: As) -> None:
    box = furnished(Hunt())
    client = signed_in("support")

    files = taken(client, of_queue(box), pseudonyms="on")[1]

    text = json.dumps(files, ensure_ascii=False).casefold()
    for name in ("contoso", "fabrikam", "key accounts", "anna", "sales@", '"shared"', '"support"', '"tests"'):
        assert name not in text.replace("kontoso", ""), name
    address = next(row for row in files["configuration/addresses.json"] if row["id"] == str(box.pk))
    assert address["address"] == address["account"]
    assert address["address"].startswith("box-")
    check = next(row for row in files["checks.json"] if row["subject_id"] == str(box.pk))
    assert f"User account '{address['address']}'" in check["stages"][-1]["provider_words"]
    assert check["client_id"] == str(box.server.client_id)
    assert taken(client, of_queue(box), pseudonyms="on")[1]["configuration/addresses.json"][0] == next(
        iter(files["configuration/addresses.json"])
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET https://graph.microsoft.com/v1.0/users/sales%40contoso.example/mailFolders", "/mailFolders"),
        ("no mailbox at contoso.example.", "no mailbox at domain-"),
        (
            "Mail.ReadWrite of https://graph.microsoft.com/.default",
            "Mail.ReadWrite of https://graph.microsoft.com/.default",
        ),
    ],
)
def test_pseudonyms_replace_what_tells_whose_it_is_wherever_it_stands(text: str, shown: str) -> None:
    hidden = Pseudonyms(["contoso.example"]).of({"stages": [{"detail": text}]})["stages"][0]["detail"]
    assert shown in hidden
    assert "contoso" not in hidden


def test_it_holds_no_more_than_the_user_may_view(signed_in: As) -> None:
    """Of who may view queues alone: neither servers, nor checks, nor the audit log; README.txt says so."""
    box = furnished(Hunt())
    viewer = Group.objects.create(name="Queue viewer")
    viewer.permissions.set([Permission.objects.get(codename="view_queue")])
    person("support").groups.set([viewer])
    client = signed_in("support")

    files = taken(client, of_queue(box))[1]

    assert files["configuration/incoming-servers.json"] == files["configuration/outgoing-server.json"] == []
    assert not files.keys() & {"standing.json", "checks.json", "audit.json"}
    assert {row["kind"] for row in files["findings.json"]} <= {"queue", "address"}
    assert str(box.server.client_id) not in json.dumps(files)
    assert "may not view it: how each stands" in files["README.txt"]
    for kind, key in (("incoming_server", box.server_id), ("outgoing_server", OutgoingServer.SINGLE)):
        assert client.get(reverse("support:bundle_of", args=[kind, key]), {"format": "zip"}).status_code == 403


def test_the_audit_log_says_who_took_it(signed_in: As) -> None:
    box = furnished(Hunt())
    client = signed_in("support")
    client.get(of_queue(box))
    before = AuditEvent.objects.count()

    taken(client, of_queue(box), pseudonyms="on")

    event = AuditEvent.objects.first()
    assert event
    assert AuditEvent.objects.count() == before + 1
    assert (event.actor_name, event.action, event.object_name) == (
        "support",
        "exported",
        "Support bundle of Key accounts",
    )
    assert event.after == {"format": "ZIP", "Pseudonyms": "Yes"}
