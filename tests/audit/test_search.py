"""What a search in the trail looks at: what the page of an event shows, and nothing else of what is stored."""

import pytest

from configurator.audit.models import AuditEvent
from configurator.audit.services import record
from configurator.audit.vault import Program

ALICE = Program("7", "alice", "request-1")
QUEUE = "12345678-1234-5678-1234-567812345678"


@pytest.fixture
def event(db: None) -> AuditEvent:
    """A change of each shape that a value has."""
    return record(
        actor=ALICE,
        action="changed",
        kind="box",
        object_id="a",
        object_name="Sales ü",
        before={"account": "old@contoso.example", "priority": 4711},
        after={
            "queue": {"id": QUEUE, "name": "Billing"},
            "roles": ["Support"],
            "groups": [{"id": QUEUE, "name": "North"}],
        },
    )


@pytest.mark.parametrize(
    "text", ["alice", "SALES Ü", "Contoso", "4711", "billing", "support", "north"], ids=lambda text: text.lower()
)
def test_a_text_is_found_in_a_name_and_in_a_value_of_any_shape(event: AuditEvent, text: str) -> None:
    assert list(AuditEvent.objects.matching(text)) == [event]


@pytest.mark.parametrize("text", ["priority", "account", "queue", QUEUE[:8], "null"])
def test_neither_the_name_of_a_field_nor_the_id_of_what_is_pointed_at_is_a_value(event: AuditEvent, text: str) -> None:
    assert not AuditEvent.objects.matching(text).exists()


def test_a_first_event_without_values_is_found_by_its_names(db: None) -> None:
    event = record(actor=ALICE, action="signed in", kind="user", object_id="7", object_name="Zoë")
    assert list(AuditEvent.objects.matching("zoë")) == [event]
