"""What the trail keeps of a record: plain values, and of a secret only that it changed."""

import datetime as dt
import decimal
import uuid
from enum import StrEnum

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from configurator.audit.snapshots import SecretMark, changes, plain, snapshot
from configurator.vault.models import SealedSecret

UUID = uuid.UUID("12345678-1234-5678-1234-567812345678")


class Colour(StrEnum):
    """An enum of somebody else's."""

    RED = "red"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (True, True),
        (7, 7),
        ("ü😀", "ü😀"),
        (Colour.RED, "red"),
        (dt.date(2030, 1, 31), "2030-01-31"),
        (dt.datetime(2030, 1, 31, 12, tzinfo=dt.UTC), "2030-01-31T12:00:00+00:00"),
        (dt.time(12, 30), "12:30:00"),
        (UUID, str(UUID)),
        (decimal.Decimal("1.50"), "1.50"),
        (("a", ["b", {"c": UUID}]), ["a", ["b", {"c": str(UUID)}]]),
        (SecretMark(UUID), "set"),
    ],
)
def test_values_are_plain(value: object, kept: object) -> None:
    assert plain(value) == kept
    assert type(plain(value)) is type(kept)


def test_only_what_differs_is_kept() -> None:
    before = {"name": "A", "priority": 1, "gone": "x"}
    after = {"name": "A", "priority": 2, "new": "y"}
    assert changes(before, after) == (
        {"priority": 1, "gone": "x", "new": None},
        {"priority": 2, "gone": None, "new": "y"},
    )
    assert changes(after, after) == ({}, {})


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, SecretMark(UUID), ({"secret": None}, {"secret": "set"})),
        (SecretMark(UUID), SecretMark(uuid.uuid4()), ({"secret": "set"}, {"secret": "changed"})),
        (SecretMark(UUID), None, ({"secret": "set"}, {"secret": "removed"})),
        (SecretMark(UUID), SecretMark(UUID), ({}, {})),
    ],
)
def test_of_a_secret_only_its_change_is_said(before: object, after: object, said: object) -> None:
    assert changes({"secret": before}, {"secret": after}) == said


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
FIELDS = st.dictionaries(st.sampled_from("abcd"), SCALARS | st.lists(SCALARS, max_size=3))


@given(FIELDS, FIELDS)
def test_two_sides_name_the_same_fields(before: dict[str, object], after: dict[str, object]) -> None:
    old, new = changes(before, after)
    assert old.keys() == new.keys()
    assert all(before.get(name) == value for name, value in old.items())
    assert all(after.get(name) == value for name, value in new.items())


class Owner(models.Model):
    """A record with a secret and with relations, as the apps above have them."""

    name = models.CharField(max_length=20)
    due = models.DateField(null=True)
    secret = models.OneToOneField(SealedSecret, null=True, on_delete=models.PROTECT)
    kind = models.ForeignKey(ContentType, null=True, on_delete=models.PROTECT)

    class Meta:
        app_label = "audit_tests"
        managed = False

    def __str__(self) -> str:
        return self.name


def test_a_snapshot_reads_the_named_fields_without_a_query() -> None:
    kind = ContentType(pk=3, app_label="queues", model="queue")
    owner = Owner(name="Q", due=dt.date(2030, 1, 31), kind=kind, secret_id=UUID)
    assert snapshot(owner, ["name", "due", "kind", "secret"]) == {
        "name": "Q",
        "due": "2030-01-31",
        "kind": {"id": "3", "name": str(kind)},
        "secret": SecretMark(UUID),
    }
    assert snapshot(Owner(name="Q"), ["kind", "secret"]) == {"kind": None, "secret": None}


@pytest.mark.django_db
def test_many_relations_are_a_sorted_list() -> None:
    group = Group.objects.create(name="Observers")
    permissions = list(Permission.objects.order_by("-pk")[:2])
    group.permissions.set(permissions)
    kept = snapshot(group, ["permissions"])["permissions"]
    assert [item["id"] for item in kept] == sorted(str(permission.pk) for permission in permissions)
