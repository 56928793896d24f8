"""The screen Audit Log."""

from django.urls import reverse

from mailsettings.services import incoming_server_save
from tests.people import ACTOR, As, address, incoming, queue


def test_a_change_reads_in_the_words_of_the_screens(signed_in: As) -> None:
    """Labels and choices are SC's, a secret is only said to be set."""
    server = incoming(name="Before")
    server.name = "After"
    incoming_server_save(actor=ACTOR, server=server, version=1)
    page = signed_in("support").get(reverse("console:audit_log")).content.decode()

    for text in ("Authentication Type", "OAuth Service", "Client ID", "Before", "After"):
        assert text in page
    assert "oauth_service" not in page
    assert "s3cret" not in page


def test_a_queue_without_a_checked_address_is_found_as_not_checked(signed_in: As) -> None:
    """The filter finds what the total counts."""
    queue(name="Empty one")
    address(queue=queue(name="Fresh one"))
    client = signed_in("support")
    page = client.get(reverse("queues:queue_list"), {"status": "unchecked"}).content.decode()

    assert "Empty one" in page
    assert "Fresh one" in page
    assert "Nothing matches" not in client.get(reverse("queues:queue_list"), {"q": "Empty"}).content.decode()
