"""docs/rules.md is what the tests say, and no constraint goes without a rule that names it."""

from django.db.models import Model

from configurator.accounts.models import QueueGroup
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import Queue, QueueAddress
from tests.rules import PAPER, every_rule, paper

MODELS: tuple[type[Model], ...] = (IncomingServer, OutgoingServer, Queue, QueueAddress, QueueGroup)


def test_the_paper_is_up_to_date() -> None:
    assert PAPER.read_text(encoding="utf-8") == paper(), "Run python -m tests.rules."


def test_each_constraint_is_proved_by_a_rule() -> None:
    named = {known.constraint for _, known in every_rule()}

    assert {item.name for model in MODELS for item in model._meta.constraints} <= named


def test_each_rule_stands_once() -> None:
    texts = [(known.place, known.text, tuple(known.typed.items())) for _, known in every_rule()]

    assert len(texts) == len(set(texts))
