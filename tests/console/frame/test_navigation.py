"""The navigation tree, built from the leaves that the apps name."""

import pytest
from django.apps import apps

from configurator.console.frame.navigation import HEADINGS, tree_for, whole_tree
from tests.people import user_made

TREE = {
    ("System Services", "E-Mail Settings"): ["Incoming Mail Servers", "External Outgoing Mail Server"],
    ("Queue Management", ""): ["Queues", "Addresses", "Addresses at risk"],
    ("System Activities", ""): [
        "Token Checks",
        "Error Codes",
        "Findings",
        "Alarms",
        "Secrets and Impact",
        "Imports",
        "Audit Log",
        "Support Bundle",
    ],
    ("User and Role Management", ""): ["Users", "Roles", "Queue Groups"],
}


def test_the_tree_is_that_of_sc() -> None:
    found = {(branch.label, branch.group): [leaf.label for leaf in branch.leaves] for branch in whole_tree()}
    assert found == TREE
    assert list(found) == list(TREE)


def test_every_leaf_has_a_place_of_its_own_under_a_heading() -> None:
    leaves = [leaf for config in apps.get_app_configs() for leaf in getattr(config, "leaves", ())]
    assert {leaf.heading for leaf in leaves} == set(HEADINGS)
    assert len({(leaf.heading, leaf.place) for leaf in leaves}) == len(leaves)
    assert len({leaf.url for leaf in leaves}) == len(leaves)


@pytest.mark.django_db
def test_who_has_no_right_sees_no_heading() -> None:
    assert tree_for(user_made("kim")) == ()
