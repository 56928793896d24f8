"""A database in which Sender held an address is upgraded: what becomes of rows, trail, files, and of the way back."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.db import transaction
from django.urls import reverse

from configurator.audit.models import AuditEvent
from configurator.audit.services import event_of, record_without_listeners
from configurator.audit.states import state_at
from configurator.audit.verify import verify
from configurator.console.history.as_of import said
from health.findings.models import Finding
from health.findings.services import reconcile
from imports.models import State
from queues.models import QueueAddress
from tests.console.exported import rows_in, taken
from tests.imports.files import applied, errors_of, looked_at
from tests.migrated import migrate
from tests.people import ACTOR, As, incoming, queue

BEFORE: Final = [("queues", "0006_queue_groups"), ("findings", "0002_lists")]
EXPORT: Final = "/queues/addresses/export/"
ELSEWHERE: Final = "Replies@Fabrikam.example"
# What was entered as Sender, for an account of the name; whether that is a tick now, and the text that is kept.
SENDERS: Final[dict[str, tuple[str, bool, str]]] = {
    "equal@contoso.example": ("equal@contoso.example", True, ""),
    "case@contoso.example": ("CASE@Contoso.Example", True, ""),
    "info@bücher.example": ("info@xn--bcher-kva.example", True, ""),
    "other@contoso.example": (ELSEWHERE, True, ELSEWHERE),
    "alias@contoso.example": ("alias+x@contoso.example", True, "alias+x@contoso.example"),
    "blank@contoso.example": ("", False, ""),
}


@pytest.fixture
def before(transactional_db: None) -> Iterator[dict[str, str]]:
    """Store addresses with the schema and the events of the console before; return their ids by account."""
    homes, server = [queue(name="Support"), queue(name="Sales")], incoming(name="Contoso")
    try:
        old = migrate(BEFORE).get_model("queues", "QueueAddress")
        ids = {}
        for number, (account, (text, _, _)) in enumerate(SENDERS.items()):
            home = homes[number % 2]
            row = old.objects.create(
                queue_id=home.pk,
                server_id=server.pk,
                address=account,
                address_key=account.replace("bücher", "xn--bcher-kva"),
                account=account,
                sender=text,
            )
            ids[account] = str(row.pk)
            first: dict[str, object] = {
                "queue": {"id": str(home.pk), "name": home.name},
                "server": {"id": str(server.pk), "name": server.name},
                "address": account,
                "account": account,
                "sender": "first@contoso.example",
                "priority": None,
            }
            tell(row, "created", {}, first)
            tell(row, "changed", {"sender": "first@contoso.example"}, {"sender": text})
        migrate()
        yield ids
    finally:
        migrate()


def tell(row: Any, action: str, then: dict[str, object], now: dict[str, object]) -> None:
    """Add an event of the row to the trail, as the console before wrote it."""
    event = event_of(
        ACTOR,
        action=action,
        kind="address",
        object_id=row.pk,
        object_name=f"{row.address} ({row.queue.name})",
        before=then,
        after=now,
    )
    with transaction.atomic():
        record_without_listeners([event])


def test_texts_become_ticks_and_those_of_other_addresses_are_kept(before: dict[str, str]) -> None:
    rows = {row.account: row for row in QueueAddress.objects.all()}

    assert {account: (row.sender, row.earlier_sender) for account, row in rows.items()} == {
        account: (ticked, kept) for account, (_, ticked, kept) in SENDERS.items()
    }
    reconcile()
    found = Finding.objects.filter(rule="address_earlier_sender").values_list("name", "detail")
    assert dict(found) == {account: f"Sender was {kept}" for account, (_, _, kept) in SENDERS.items() if kept}


def test_the_trail_tells_of_it_and_stays_whole(before: dict[str, str]) -> None:
    told = AuditEvent.objects.filter(actor_name="upgrade", action="changed", kind="address")

    assert verify().broken is None
    assert {event.object_id: (event.before, event.after) for event in told} == {
        before[account]: (
            {"sender": text} | ({"earlier_sender": ""} if kept else {}),
            {"sender": True} | ({"earlier_sender": kept} if kept else {}),
        )
        for account, (text, _, kept) in SENDERS.items()
        if text
    }
    for account, (_, ticked, kept) in SENDERS.items():
        [state] = state_at("address", before[account], AuditEvent.MOST)
        assert state
        words = dict(said(state))
        assert (words["Sender"], words.get("Earlier Sender", "")) == ("Yes" if ticked else "No", kept)


def test_old_events_are_read_compared_and_put_back(before: dict[str, str], signed_in: As) -> None:
    client, pk = signed_in("superuser"), before["other@contoso.example"]
    created, changed, upgraded = AuditEvent.objects.of_object("address", pk).order_by("seq")

    for event, words in (
        (created, "Yes (first@contoso.example)"),
        (changed, f"Yes ({ELSEWHERE})"),
        (upgraded, f"Yes ({ELSEWHERE})"),
    ):
        assert words in client.get(event.get_absolute_url()).content.decode()
    as_of = client.get(reverse("console:as_of", args=["address", pk]), {"at_event": changed.seq}).content.decode()
    assert f"Yes ({ELSEWHERE})" in as_of
    assert "Earlier Sender" in as_of
    span = {"since_event": created.seq, "until_event": upgraded.seq}
    compared = client.get(reverse("console:compare"), span).content.decode()
    assert "<del>Yes (first@contoso.example)</del><ins>Yes</ins>" in compared
    listed = client.get("/audit-log/", {"field": "sender"}).content.decode()
    assert "<ins>Yes (first@contoso.example)</ins>" in listed
    assert "<del>Yes (first@contoso.example)</del><ins>No</ins>" in listed

    box = QueueAddress.objects.get(pk=pk)
    box.sender = False
    box.save()
    for event, ticked in ((created, True), (changed, True)):
        page = client.get(box.queue.get_absolute_url(), {"address": pk, "put_back": str(event.seq)})
        assert page.context["address_form"]["sender"].value() is ticked
    blank = before["blank@contoso.example"]
    box = QueueAddress.objects.get(pk=blank)
    last = AuditEvent.objects.of_object("address", blank).order_by("-seq")[0]
    page = client.get(box.queue.get_absolute_url(), {"address": blank, "put_back": str(last.seq)})
    assert page.context["address_form"]["sender"].value() is False


def test_support_sees_the_text_until_it_is_acknowledged(before: dict[str, str], signed_in: As) -> None:
    pk = before["other@contoso.example"]
    box = QueueAddress.objects.get(pk=pk)
    seen = [box.queue.get_absolute_url(), reverse("support:sheet", args=[box.queue.pk])]
    for url in seen:
        assert ELSEWHERE in signed_in("support").get(url).content.decode()
    reconcile()
    finding = Finding.objects.get(rule="address_earlier_sender", subject_id=pk)

    url = reverse("findings:acknowledge", args=[finding.pk])
    assert signed_in("support").post(url, {"reason": "Known"}).status_code == 403
    assert ELSEWHERE in signed_in("queues").get(url).content.decode()
    assert signed_in("queues").post(url, {"reason": "Nobody answered from there"}).status_code == 302

    box.refresh_from_db()
    assert (box.sender, box.earlier_sender, box.changed_by) == (True, "", "queues")
    dropped, acknowledged = AuditEvent.objects.of_object("address", pk).first(), AuditEvent.objects.order_by("-seq")[0]
    assert dropped
    assert (dropped.actor_name, dropped.before, dropped.after) == (
        "queues",
        {"earlier_sender": ELSEWHERE},
        {"earlier_sender": ""},
    )
    assert (acknowledged.action, acknowledged.object_id) == ("acknowledged", pk)
    assert not Finding.objects.filter(rule="address_earlier_sender", subject_id=pk).exists()
    for url in seen:
        assert ELSEWHERE not in signed_in("support").get(url).content.decode()


def test_an_export_comes_back_as_the_same_configuration(before: dict[str, str], signed_in: As) -> None:
    admin = signed_in("admin")
    was, body = rows_in(admin, EXPORT, "tab"), taken(admin, EXPORT, "tab")

    assert [row["Sender"] for row in was].count("Yes") == sum(ticked for _, ticked, _ in SENDERS.values())
    assert looked_at("address", body).counts == {"unchanged": len(SENDERS)}
    QueueAddress.objects.all().delete()
    found = looked_at("address", body)
    assert found.counts == {"created": len(SENDERS)}, errors_of(found)
    assert applied(found).state == State.APPLIED
    assert rows_in(admin, EXPORT, "tab") == was


def test_the_way_back_names_the_account_where_nothing_else_is_known(before: dict[str, str]) -> None:
    old = migrate(BEFORE).get_model("queues", "QueueAddress")

    assert dict(old.objects.values_list("account", "sender")) == {
        account: kept or (account if ticked else "") for account, (_, ticked, kept) in SENDERS.items()
    }
    assert verify().broken is None
    migrate()
    for row in QueueAddress.objects.all():
        assert (row.sender, row.earlier_sender) == SENDERS[row.account][1:]
