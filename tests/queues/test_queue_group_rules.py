"""The queue group of a queue, for whoever is limited to some and for whoever is not."""

import pytest

from configurator.accounts.models import QueueGroup
from configurator.accounts.scope import WHOLE, Scope
from queues.forms import QueueForm
from tests.mailsettings.typed import messages
from tests.people import NOWHERE, OUTSIDE, own_group
from tests.queues.typed import queue_form, queue_place
from tests.rules import Rule, rule

GROUP = queue_place("Queue Group", "group")
CHOOSE = "Choose one of your queue groups."
LIMITED = "form of whoever is limited to queue groups"
pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> QueueGroup:
    """Return a group that is within the scope, beside one that is not."""
    return own_group()


def form(scope: Scope, **typed: str) -> QueueForm:
    """Return the form as it is offered to somebody with that scope."""
    found = queue_form(**typed)
    found.offer(scope)
    return found


@rule(GROUP, "one that is there", NOWHERE, CHOOSE)
def test_what_is_no_group_is_refused(own: QueueGroup, case: Rule) -> None:
    assert messages(form(WHOLE, **case.typed), case) == [case.message]


@rule(GROUP, "one of one's own; a hidden one is as one that is not there", OUTSIDE, CHOOSE, where=LIMITED)
@rule(GROUP, "required", "", CHOOSE, where=LIMITED)
def test_who_is_limited_chooses_one_of_his_own(own: QueueGroup, case: Rule) -> None:
    scope = Scope(frozenset({own.pk}))

    assert messages(form(scope, **case.typed), case) == [case.message]
    assert messages(form(scope, group=NOWHERE), case) == [CHOOSE]
    assert form(scope, group=str(own.pk)).is_valid()
    assert form(WHOLE, **case.typed).is_valid()
