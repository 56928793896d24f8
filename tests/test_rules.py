"""No constraint goes without a rule that names it, and no rule is there twice."""

from django.db.models import Model

from configurator.accounts.models import QueueGroup
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import Queue, QueueAddress
from tests.rules import every_rule

MODELS: tuple[type[Model], ...] = (IncomingServer, OutgoingServer, Queue, QueueAddress, QueueGroup)


def test_each_constraint_is_proved_by_a_rule() -> None:
    named = {known.constraint for _, known in every_rule()}

    for model in MODELS:
        for item in model._meta.constraints:
            assert item.name in named, (
                f"{item.name} of {model.__name__} is proved by no test: mark one in a tests/*/test_*rules.py with "
                f'@rule(…, constraint="{item.name}"), see tests/rules.py; then run `make rules`'
            )


def test_each_rule_stands_once() -> None:
    texts = [(known.place, known.text, tuple(known.typed.items())) for _, known in every_rule()]

    assert len(texts) == len(set(texts))
