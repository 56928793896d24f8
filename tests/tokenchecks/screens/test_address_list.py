"""The list of all addresses: its filters, its rows, and what stays hidden from whom."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from configurator.db import trigram
from queues.models import QueueAddress
from tests.console.exported import rows_in
from tests.people import As, address, incoming, person, queue
from tests.queues.typed import PASSWORD
from tokenchecks.models import Watch

LIST = "/token-checks/addresses/"
OTHER_TENANT = uuid.UUID("9b1d0c1e-5b7d-4c69-9a55-0d2b6f1e8a11")
pytestmark = pytest.mark.django_db


@pytest.fixture
def boxes(db: None) -> dict[str, QueueAddress]:
    """Return two addresses that differ in everything that can be filtered."""
    one = address(
        address="one@contoso.example",
        account="reader@contoso.example",
        sender=True,
        queue=queue(name="Support", language="de"),
        server=incoming(name="Contoso"),
    )
    two = address(
        address="two@fabrikam.example",
        queue=queue(name="Sales", enabled=False),
        server=incoming(name="Fabrikam", authentication_type="oauth_user", tenant_id=OTHER_TENANT),
        password=PASSWORD,
        extension_language="pt-BR",
        priority=5,
    )
    QueueAddress.objects.filter(pk=one.pk).update(status="broken", checked_at=timezone.now() - timedelta(days=2))
    Watch.objects.filter(subject_id=one.pk).update(status="broken", cause="secret_expired", code="AADSTS7000222")
    return {"one": one, "two": two}


ONE, TWO, BOTH, NONE = {"one"}, {"two"}, {"one", "two"}, set[str]()
ASKED = {
    "status=broken": ONE,
    "cause=secret_expired": ONE,
    "cause=consent_missing": NONE,
    "authentication_type=oauth_user": TWO,
    "server=fabri": TWO,
    "tenant=9b1d0c1e": TWO,
    "sender=true": ONE,
    "sender=false": TWO,
    "sender=replies": NONE,
    "language=de": ONE,
    "language=PT-br": TWO,
    "language=en": NONE,
    "enabled=true": ONE,
    "enabled=false": TWO,
    "checked=day": ONE,
    "checked=week": NONE,
    "checked=never": TWO,
    "q=ONE%40con": ONE,
    "q=reader": ONE,
    "q=sales": TWO,
    "q=contoso": ONE,
    "q=9B1D0C1E-5b7d": TWO,
    "q=example": BOTH,
    "q=example&status=broken&enabled=false": NONE,
}


def test_each_filter_keeps_what_it_says_of_few_and_of_many(
    signed_in: As, boxes: dict[str, QueueAddress], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("support")
    of_many = [(0, query) for query in ASKED if query.startswith("q=")]
    for few, query in [*((trigram.FEW, query) for query in ASKED), *of_many]:
        monkeypatch.setattr(trigram, "FEW", few)
        said = client.get(f"{LIST}?{query}").content.decode()
        found = {name for name, box in boxes.items() if f'data-href="{box.get_absolute_url()}"' in said}
        assert found == ASKED[query], (few, query)


def test_a_row_says_what_counts_and_why(signed_in: As, boxes: dict[str, QueueAddress]) -> None:
    columns = "address,server,effective_priority,effective_language,cause"
    said = signed_in("support").get(f"{LIST}?sort=address&columns={columns}").content.decode()
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr data-href.*?</tr>", said, re.DOTALL)]

    assert "AADSTS7000222" in rows[0]
    assert re.search(r"OAuth Service\s+1\s+de", rows[0])
    assert re.search(r"OAuth User\s+5\s+pt-BR", rows[1])
    assert "Tenant ID</a>" not in said


def test_of_a_server_that_he_may_not_view_one_learns_its_name_alone(
    signed_in: As, boxes: dict[str, QueueAddress]
) -> None:
    role = person("queues").groups.get()
    role.permissions.remove(*role.permissions.filter(codename="view_incomingserver"))
    client = signed_in("queues")

    said = client.get(f"{LIST}?columns=server,tenant,client_id,authentication_type,address").content.decode()
    assert "Fabrikam" in said
    for hidden in (str(OTHER_TENANT), str(boxes["two"].server.client_id), "OAuth User"):
        assert hidden not in said
    for query, found in (
        ("q=9b1d0c1e", 0),
        ("tenant=nothing", 2),
        ("authentication_type=oauth_user", 2),
        ("q=fabri", 1),
    ):
        assert client.get(f"{LIST}?{query}").content.decode().count("<tr data-href") == found, query


def test_what_is_found_is_taken_away(signed_in: As, boxes: dict[str, QueueAddress]) -> None:
    (row,) = rows_in(signed_in("support"), LIST, "json", cause="secret_expired")
    assert row["Address"] == boxes["one"].address
