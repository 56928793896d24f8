"""Applying an import: all that the dry run said, or nothing."""

import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission

from configurator.accounts.rights import permission
from configurator.audit.models import AuditEvent
from imports.models import State
from imports.services import ask_again, ask_to_apply
from mailsettings.models import IncomingServer
from mailsettings.services import incoming_server_save
from queues.models import Queue, QueueAddress
from queues.services import address_delete, queue_delete, queue_save
from tests.imports.files import applied, errors_of, looked_at, rows_of, tab
from tests.imports.states import BOX, LABELS, state_of
from tests.people import ACTOR, address, incoming, person, queue

pytestmark = pytest.mark.django_db


def renamed(name: str = "Support") -> None:
    """Save the queue once more."""
    item = Queue.objects.get(name=name)
    item.description = "changed meanwhile"
    queue_save(actor=ACTOR, queue=item)


def retyped() -> None:
    """Let the server sign in as a user."""
    server = IncomingServer.objects.get(name="Contoso")
    server.authentication_type = "oauth_user"
    incoming_server_save(actor=ACTOR, server=server)


MEANWHILE: dict[str, tuple[str, tuple[str, ...], Callable[[], object], str]] = {
    "the queue was saved": ("queue", ("Support", "5", ""), renamed, "Support was changed after the dry run."),
    "the queue was deleted": (
        "queue", ("Support", "5", ""), lambda: queue_delete(actor=ACTOR, queue=Queue.objects.get()), "It was deleted",
    ),
    "the queue to delete was saved": ("queue", ("Support", "", "D"), renamed, "Support was changed after the dry run."),
    "its address was deleted": (
        "address", ("Support", BOX, BOX, "Contoso", "8", ""),
        lambda: address_delete(actor=ACTOR, address=QueueAddress.objects.get()), "It was deleted",
    ),
    "the address was taken": (
        "address", ("Support", "new@contoso.example", "new@contoso.example", "Contoso", "", ""),
        lambda: address(address="new@contoso.example", queue=queue(name="Faster")), "already on the queue Faster",
    ),
    "the server wants a password": (
        "address", ("Support", "new@contoso.example", "new@contoso.example", "Contoso", "", ""),
        retyped, "OAuth User needs the password",
    ),
    "its queue is gone": (
        "address", ("Other", "new@contoso.example", "new@contoso.example", "Contoso", "", ""),
        lambda: queue_delete(actor=ACTOR, queue=Queue.objects.get(name="Other")), "Its queue or its server was deleted",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MEANWHILE)
def test_what_changed_since_the_dry_run_is_noticed_and_nothing_is_written(name: str) -> None:
    kind, row, meanwhile, message = MEANWHILE[name]
    home = queue(name="Support")
    if kind == "address":
        queue(name="Other")
        address(queue=home, address=BOX, server=incoming(name="Contoso"))
    labels = LABELS if kind == "address" else ("Name", "Priority", "Delete")
    found = looked_at(kind, tab(labels, row))
    assert found.to_write == 1, errors_of(found)
    meanwhile()
    before = state_of()

    refused = applied(found)

    assert refused.state == State.REFUSED
    assert message in refused.said
    assert "Run the dry run again" in refused.said
    assert state_of() == before
    assert not ask_to_apply(user=person("admin"), pk=found.pk)
    assert ask_again(user=person("admin"), pk=found.pk)


def test_servers_are_compared_too() -> None:
    server = incoming(name="Contoso")
    found = looked_at("incoming_server", tab(("Id", "Name"), (str(server.pk), "Renamed")))
    server.name = "Faster"
    incoming_server_save(actor=ACTOR, server=server)

    refused = applied(found)

    assert (refused.state, "Row 2, Renamed" in refused.said) == (State.REFUSED, True)
    assert IncomingServer.objects.get().name == "Faster"


def test_servers_are_renamed_moved_created_and_deleted_with_their_secrets_kept() -> None:
    kept, moved, used = incoming(name="Kept"), incoming(name="Moved"), incoming(name="Used")
    gone = incoming(name="Gone", authentication_type="oauth_user")
    address(server=used)
    tenant, client = uuid.uuid4(), uuid.uuid4()
    labels = ("Id", "Name", "Address", "Authentication Type", "Client ID", "Secret (state)", "Delete")
    new = f"https://login.microsoftonline.com/{tenant}"
    found = looked_at(
        "incoming_server",
        tab(
            labels,
            (str(kept.pk), "Kept 2", kept.address, "OAuth Service", str(kept.client_id), "set", ""),
            (str(moved.pk), "Moved", new, "OAuth Service", str(moved.client_id), "set", ""),
            (str(used.pk), "", "", "", "", "", "D"),
            (str(gone.pk), "", "", "", "", "", "D"),
            ("", "New user", new, "oauth user", str(client), "", ""),
            ("", "New service", new, "OAuth Service", str(client), "set", ""),
        ),
    )

    assert [row.outcome for row in rows_of(found)] == ["changed", "refused", "refused", "deleted", "created", "refused"]
    assert errors_of(found)[1][0][0] == "Needs a tick on its page" or "Enter it again" in errors_of(found)[1][0][1]
    assert "cannot be deleted while these use it" in errors_of(found)[2][0][1]
    assert errors_of(found)[5] == [
        ["Secret", "OAuth Service needs the client secret: enter it. Without it anyone could use the registration."]
    ]
    assert applied(found).state == State.APPLIED
    assert sorted(IncomingServer.objects.values_list("name", flat=True)) == ["Kept 2", "Moved", "New user", "Used"]
    assert IncomingServer.objects.get(pk=kept.pk).secret_id == kept.secret_id
    said = AuditEvent.objects.filter(request_id=found.name).order_by("seq")
    assert [event.action for event in said] == ["deleted", "changed", "created", "imported"]


def test_deleting_a_queue_takes_its_addresses_and_tells_of_each() -> None:
    box = address(queue=queue(name="Support"), server=incoming(authentication_type="oauth_user"), password="pass word")
    found = applied(looked_at("queue", tab(("Name", "Delete"), ("Support", "D"))))

    assert found.state == State.APPLIED
    assert (Queue.objects.count(), QueueAddress.objects.count()) == (0, 0)
    said = AuditEvent.objects.filter(request_id=found.name).order_by("seq")
    assert [(event.action, event.kind) for event in said][:2] == [("deleted", "address"), ("deleted", "queue")]
    before = said[0].before or {}
    assert (before["address"], before["password"]) == (box.address, "set")


def test_a_right_that_is_missing_refuses_the_row_and_later_the_whole() -> None:
    queue(name="Old")
    role = Group.objects.create(name="Modifiers")
    for right in ("queue.view", "queue.modify"):
        app, codename = permission(right).split(".")
        role.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    user = person("admin")
    user.groups.set([role])
    body = tab(("Name", "Priority", "Delete"), ("Old", "5", ""), ("New", "5", ""))

    found = looked_at("queue", body)
    assert [row.outcome for row in rows_of(found)] == ["changed", "refused"]
    assert errors_of(found)[1] == [["Row", "You may not create these: the right is missing."]]
    assert looked_at("queue", tab(("Name", "Delete"), ("Old", "D"))).counts == {"refused": 1}
    role.permissions.clear()
    refused = applied(found)
    assert (refused.state, refused.said[:27]) == (State.REFUSED, "You may not do all of this ")
    assert Queue.objects.get().priority == 1


def test_the_form_of_who_may_not_view_servers_keeps_the_one_in_use() -> None:
    box = address(queue=queue(name="Support"), server=incoming(name="Contoso"), address=BOX)
    incoming(name="Other")
    role = Group.objects.create(name="Modifiers")
    app, codename = permission("queue.modify").split(".")
    role.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    person("admin").groups.set([role])

    kept = looked_at("address", tab(LABELS, ("Support", BOX, BOX, "Contoso", "4", "")))
    other = looked_at("address", tab(LABELS, ("Support", BOX, BOX, "Other", "4", "")))

    assert (kept.counts, other.counts) == ({"changed": 1}, {"refused": 1})
    assert errors_of(other)[0][0][0] == "E-Mail Server"
    assert box.server.name == "Contoso"
