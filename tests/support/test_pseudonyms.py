"""Somebody has decided about each text of the support bundle what becomes of it under pseudonyms."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import CharField, Field, Model, TextField

from configurator.audit.models import AuditEvent
from health.findings.models import Finding
from health.models import Acknowledgement
from queues.models import QueueAddress
from support import contents
from support.bundle import RENAMED
from support.extent import MODELS
from support.pseudonyms import LEFT_OUT, NAMES, PEOPLE, SEARCHED
from tokenchecks.models import CheckResult, CheckRun, Watch

KINDS: tuple[type[Model], ...] = (*MODELS.values(), QueueAddress)
DECIDED = NAMES | PEOPLE | LEFT_OUT | SEARCHED


def columns() -> Iterator[tuple[type[Model], str]]:
    """Yield each column that the bundle reads, with the model that it starts from."""
    yield from ((model, name) for model in KINDS for name in contents._columns(model)[0])
    yield from ((Watch, name) for name in contents.WATCHED)
    yield from ((CheckRun, name) for name in contents.OF_RUN)
    yield from ((CheckResult, name) for name in contents.OF_RESULT)
    yield from ((Finding, RENAMED.get(name, name)) for name in contents.FOUND)
    yield from ((Acknowledgement, name) for name in contents.ACKNOWLEDGED)
    yield from ((AuditEvent, name) for name in contents.RECORDED)


def field_of(model: type[Model], column: str) -> "Field[Any, Any]":
    """Return the field of a column, which may be one of a relation, as ``queue__name``."""
    first, _, rest = column.partition("__")
    field = model._meta.get_field({renamed: name for name, renamed in RENAMED.items()}.get(first, first))
    assert isinstance(field, Field)
    return field_of(field.related_model, rest) if rest and isinstance(field.related_model, type) else field


def is_free_text(model: type[Model], column: str) -> bool:
    """Tell whether the column holds text that is not one of some fixed values."""
    field = field_of(model, column)
    return isinstance(field, CharField | TextField) and not field.choices


TEXTS = sorted({f"{model.__name__}.{column}" for model, column in columns() if is_free_text(model, column)})


@pytest.mark.parametrize("text", TEXTS)
def test_what_becomes_of_each_text_is_decided(text: str) -> None:
    column = text.rpartition(".")[2].rpartition("__")[2]
    assert column in DECIDED, (
        f"{text} is a text in the support bundle, and nobody decided what becomes of it when pseudonyms are asked for. "
        f'Add "{column}" to one set in support/pseudonyms.py: LEFT_OUT if people write what they like in it, NAMES or '
        "PEOPLE if it names something or somebody, SEARCHED if it is harmless but for mailboxes and domains."
    )


def test_each_decision_is_about_a_text_of_the_bundle_and_made_once() -> None:
    sets = (NAMES, PEOPLE, LEFT_OUT, SEARCHED)
    assert sum(map(len, sets)) == len(DECIDED), "support/pseudonyms.py names a text in two sets"
    read = {text.rpartition(".")[2].rpartition("__")[2] for text in TEXTS}
    assert {*DECIDED} - read == set(), "support/pseudonyms.py names what no bundle holds"
