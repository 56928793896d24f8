"""Files carry no secrets: one that holds any is refused before a row is stored, and a mask changes nothing."""

import io

import pytest

from configurator.audit.models import AuditEvent
from configurator.vault.errors import SecretUnreadable
from imports.models import ImportPiece
from imports.services import ask_to_apply, upload
from tests.imports.files import applied, looked_at, refused, rows_of, tab
from tests.mailsettings.typed import SECRET
from tests.people import address, incoming, person, queue
from tests.queues.typed import PASSWORD

pytestmark = pytest.mark.django_db
ENTRA = "kPx8Q~aBcDeFgHiJkLmNoPqRsTuVwXyZ01234567"


@pytest.mark.parametrize("column", ["Secret", "Client Secret", "Next secret", "E-Mail Password", "password"])
def test_a_secret_in_a_column_of_its_own_refuses_the_file(column: str) -> None:
    said = refused("incoming_server", tab(("Id", column), ("", ""), ("x", "****"), ("x", SECRET)))

    assert "Row 4: something stands in the column" in said
    assert SECRET not in said


@pytest.mark.parametrize("column", ["Client ID", "Address"])
def test_a_secret_pasted_beside_refuses_the_file(column: str) -> None:
    said = refused("incoming_server", tab(("Id", column), ("", "x"), ("x", f" {ENTRA} ")))

    assert "looks like a client secret" in said
    assert ENTRA not in said


def test_a_file_that_waits_to_be_read_lies_sealed() -> None:
    body = tab(("Id", "Secret"), ("x", SECRET))
    stored = upload(user=person("admin"), kind="incoming_server", name="x.txt", file=io.BytesIO(body))
    [piece] = ImportPiece.objects.filter(of=stored)

    assert SECRET.encode() not in bytes(piece.sealed)
    assert piece.open() == body
    ImportPiece.objects.update(number=1)
    with pytest.raises(SecretUnreadable):
        ImportPiece.objects.get().open()


@pytest.mark.parametrize("masked", ["", "••••", "****", "set"])
def test_a_mask_never_overwrites_what_is_stored(masked: str) -> None:
    server = incoming(authentication_type="oauth_user")
    box = address(queue=queue(name="Support"), server=server, password=PASSWORD)
    sealed = box.password_id
    same = looked_at("address", tab(("Id", "E-Mail Password"), (str(box.pk), masked)))
    changed = looked_at("address", tab(("Id", "Priority", "E-Mail Password"), (str(box.pk), "7", masked)))

    assert same.counts == {"unchanged": 1}
    assert not ask_to_apply(user=person("admin"), pk=same.pk)
    applied(changed)
    box.refresh_from_db()
    assert (box.priority, box.password_id) == (7, sealed)


def test_a_password_given_for_another_account_is_asked_for_again() -> None:
    server = incoming(authentication_type="oauth_user")
    box = address(queue=queue(name="Support"), server=server, password=PASSWORD)
    found = looked_at("address", tab(("Id", "E-Mail Account"), (str(box.pk), "other@contoso.example")))

    [[[column, message]]] = [row.errors for row in rows_of(found)]
    assert column == "E-Mail Password"
    assert message.startswith("Enter it again: the stored one was given for another account, server or tenant")


def test_a_move_to_a_server_without_passwords_drops_the_password_and_says_so() -> None:
    user, service = incoming(name="User", authentication_type="oauth_user"), incoming(name="Service")
    box = address(queue=queue(name="Support"), server=user, password=PASSWORD)

    found = applied(looked_at("address", tab(("Id", "E-Mail Server"), (str(box.pk), "Service"))))

    box.refresh_from_db()
    assert (box.server, box.password_id) == (service, None)
    assert rows_of(found)[0].after["password"] == "removed"
    event = AuditEvent.objects.get(request_id=found.name, kind="address")
    assert event.after == rows_of(found)[0].after
