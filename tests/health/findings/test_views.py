"""The list of findings, what object pages show of them, and who sees which."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as DjangoPermission
from django.test import Client

from configurator.accounts.rights import permission
from health.acknowledgements.services import acknowledge
from health.findings.models import Finding
from health.findings.services import reconcile
from health.findings.services.acknowledgements import FindingSubject
from tests.people import ACTOR, As, address, incoming, outgoing, person, queue

pytestmark = pytest.mark.django_db
LIST = "/findings/"


def text(client: Client, path: str = LIST) -> str:
    """Return what the page says, its tags left out."""
    answer = client.get(path)
    assert answer.status_code == 200
    main = answer.content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main.partition('id="results"')[2] or main))


def setup() -> dict[str, Any]:
    """Store something of each kind with a finding, and look."""
    made = {
        "server": incoming(name="Unused server"),
        "queue": queue(name="Empty queue"),
        "address": address(address="box@contoso.example", account="anna@contoso.example", queue=queue(name="Home")),
        "outgoing": outgoing(),
    }
    reconcile()
    return made


def only(*rights: str) -> Client:
    """Return a client signed in with these rights alone."""
    user = person("support")
    role = Group.objects.create(name="Some")
    for right in rights:
        app, _, codename = permission(right).partition(".")
        role.permissions.add(DjangoPermission.objects.get(content_type__app_label=app, codename=codename))
    user.groups.set([role])
    client = Client()
    client.force_login(user)
    return client


def test_the_gravest_stand_first_with_counts_on_top(signed_in: As) -> None:
    made = setup()
    Finding.objects.filter(subject_id=made["queue"].pk).update(rank=0)
    said = text(signed_in("support"))

    assert said.index("Empty queue") < said.index("box@contoso.example")
    assert re.search(r"3 ✕ Error", said)
    assert re.search(r"\d ◆ Advice", said)


def test_a_row_says_what_why_and_what_to_do_and_leads_to_its_object(signed_in: As) -> None:
    made = setup()
    client = signed_in("support")
    said = text(client, f"{LIST}?rule=address_unlike_account")

    assert "The account is called otherwise than the address" in said
    assert "Account anna@contoso.example" in said
    assert "Compare both with the Microsoft 365 admin centre" in said
    assert f'href="{made["address"].get_absolute_url()}"' in client.get(LIST).content.decode()
    for row in (made["server"], made["queue"], made["outgoing"]):
        assert f'href="{row.get_absolute_url()}"' in client.get(LIST).content.decode()


def test_the_url_filters_by_severity_rule_kind_and_text(signed_in: As) -> None:
    setup()
    client = signed_in("support")

    assert "Unused server" not in text(client, f"{LIST}?severity=warning")
    assert "Empty queue" in text(client, f"{LIST}?severity=warning")
    assert "box@contoso" not in text(client, f"{LIST}?rule=server_unused")
    assert "Unused server" in text(client, f"{LIST}?rule=server_unused")
    assert "Unused server" not in text(client, f"{LIST}?kind=queue")
    assert "Empty queue" not in text(client, f"{LIST}?q=anna")
    assert "box@contoso.example" in text(client, f"{LIST}?q=anna")
    assert "Nothing matches" in text(client, f"{LIST}?q=nothing+like+it")


def test_an_empty_list_says_so_and_when_was_looked(signed_in: As) -> None:
    client = signed_in("support")
    assert "The rules have not been applied yet" in client.get(LIST).content.decode()
    reconcile()

    said = client.get(LIST).content.decode()
    assert "Nothing was found: the set-up keeps to every rule." in said
    assert "All rules were last applied" in said


@pytest.mark.parametrize(
    ("right", "seen"),
    [
        ("incoming_server.view", {"Unused server"}),
        ("outgoing_server.view", {"External Outgoing Mail Server"}),
        ("queue.view", {"Empty queue", "box@contoso.example"}),
    ],
)
def test_only_findings_of_what_may_be_viewed_are_there(right: str, seen: set[str]) -> None:
    setup()
    client = only(right)
    said = text(client)
    names = {"Unused server", "External Outgoing Mail Server", "Empty queue", "box@contoso.example"}

    assert {name for name in names if name in said} == seen
    assert 'href="/findings/"' in client.get(LIST).content.decode().partition("<main")[0]


def test_nobody_else_sees_the_page() -> None:
    setup()
    client = only("token_check.view", "audit_log.view")

    assert client.get(LIST).status_code == 403
    assert 'href="/findings/"' not in client.get("/").content.decode()


def test_an_administrator_acknowledges_and_takes_back(signed_in: As) -> None:
    setup()
    admin, support = signed_in("admin"), signed_in("support")
    finding = Finding.objects.get(rule="server_unused", name="Unused server")

    assert admin.get(f"{LIST}{finding.pk}/acknowledge/").status_code == 200
    assert "Reason is required" in admin.post(f"{LIST}{finding.pk}/acknowledge/").content.decode()
    assert admin.post(f"{LIST}{finding.pk}/acknowledge/", {"reason": "Kept for the move."}).status_code == 302
    assert str(finding.pk) not in admin.get(LIST).content.decode()
    assert "No address uses the server" not in text(support, f"{LIST}?q=Unused")
    said = text(support, f"{LIST}?state=acknowledged")
    assert "Unused server" in said
    assert re.search(r"admin, just now Kept for the move\.", said)
    assert "Take back" not in said

    assert "Take back" in text(admin, f"{LIST}?state=acknowledged")
    assert admin.post(f"{LIST}{finding.pk}/acknowledge/", {"reason": "Mine."}).status_code == 422
    assert admin.post(f"{LIST}{finding.pk}/take-back/").status_code == 302
    assert "No address uses the server" in text(support, f"{LIST}?q=Unused")


def test_the_queue_administrator_acknowledges_what_is_about_queues_alone(signed_in: As) -> None:
    setup()
    client = signed_in("queues")
    of_queue = Finding.objects.get(rule="queue_without_address")
    of_server = Finding.objects.get(rule="server_unused", name="Unused server")

    assert client.post(f"{LIST}{of_server.pk}/acknowledge/", {"reason": "x"}).status_code == 403
    assert client.post(f"{LIST}{of_queue.pk}/acknowledge/", {"reason": "x"}).status_code == 302
    assert client.post(f"{LIST}{of_server.pk}/take-back/").status_code == 403
    assert client.post(f"{LIST}{of_queue.pk}/take-back/").status_code == 302


def test_object_pages_show_what_is_open_of_them(signed_in: As) -> None:
    made = setup()
    client = signed_in("support")

    assert "No address uses the server" in client.get(made["server"].get_absolute_url()).content.decode()
    assert "Nobody knows when the outgoing" in client.get(made["outgoing"].get_absolute_url()).content.decode()
    assert "The queue has no address" in client.get(made["queue"].get_absolute_url()).content.decode()
    home = client.get(made["address"].queue.get_absolute_url()).content.decode()
    assert "The account is called otherwise than the address – box@contoso.example" in home

    for finding in Finding.objects.filter(subject_id=made["server"].pk):
        acknowledge(actor=ACTOR, subject=FindingSubject(finding.pk), reason="known")
    assert 'id="findings-title"' not in client.get(made["server"].get_absolute_url()).content.decode()


def test_an_event_of_the_trail_reads_as_it_should(signed_in: As) -> None:
    setup()
    empty = Finding.objects.get(rule="queue_without_address")
    acknowledge(actor=ACTOR, subject=FindingSubject(empty.pk), reason="Filled on Monday.")
    said = text(signed_in("superuser"), "/audit-log/?kind=finding")

    assert "Acknowledged" in said
    assert "Reason Filled on Monday." in said
