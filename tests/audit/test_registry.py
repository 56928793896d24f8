"""The kinds that the apps register with the trail."""

import pytest
from django.apps import apps

from configurator.audit.registry import AuditedKind, audited, register, relations_of, secrets_of
from configurator.console.records.record import Record
from queues.models import Queue


def test_every_record_is_registered_under_its_kind() -> None:
    models = [model for model in apps.get_models() if issubclass(model, Record)]
    assert models
    assert {model.audit_kind: model for model in models}.items() <= {
        kind: found.model for kind, found in audited.items()
    }.items()


def test_secrets_and_relations_come_from_the_model() -> None:
    slots = {"next_secret", "previous_secret"}
    assert secrets_of("incoming_server") == {"secret", *slots}
    assert secrets_of("outgoing_server") == {"password", *slots}
    assert secrets_of("address") == secrets_of("user") == {"password"}
    assert secrets_of("queue") == secrets_of("import") == frozenset()
    assert relations_of("address") == {"queue": "queue", "server": "incoming_server"}
    assert relations_of("queue") == {"group": "queue_group"}
    assert relations_of("import") == {}


def test_a_label_names_a_field() -> None:
    for kind, found in audited.items():
        known = {*found.fields, *(field.name for field in found.model._meta.get_fields())}
        assert found.labels.keys() <= known, kind


def test_a_kind_is_registered_once() -> None:
    with pytest.raises(ValueError, match="The kind queue is registered twice"):
        register(AuditedKind(audited["queue"].kind, Queue, "queue.view"))
