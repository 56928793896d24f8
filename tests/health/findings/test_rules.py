"""Each rule is raised and cleared, by the look at everything and by the look at one object alike."""

import tomllib
from typing import Any

import pytest

from health.findings.catalogue import FILE, CatalogueError, catalogue, read
from health.findings.models import Finding
from health.findings.rules import QUESTIONS
from health.findings.services import reconcile, reconcile_objects
from tests.health.findings.cases import CASES, Case

pytestmark = pytest.mark.django_db
each = pytest.mark.parametrize("case", CASES, ids=str)
COMPLETE = {"kind": "queue", "severity": "advice", "title": "a", "reason": "b", "remedy": "c"}


def found(case: Case, row: Any) -> bool:
    """Tell whether the rule's finding of the row is kept."""
    return Finding.objects.filter(rule=case.rule, subject_id=row.pk).exists()


@each
def test_a_rule_holds_until_it_is_mended(case: Case) -> None:
    row = case.raised()
    reconcile()
    assert found(case, row)

    case.cleared(row)
    reconcile()
    assert not found(case, row)


@each
def test_the_look_at_one_object_finds_the_same(case: Case) -> None:
    row = case.raised()
    kind = catalogue()[case.rule].kind
    reconcile_objects(kind, row.pk)
    assert found(case, row)

    case.cleared(row)
    reconcile_objects(kind, row.pk)
    assert not found(case, row)


def test_every_rule_of_the_file_has_a_question_and_a_case() -> None:
    rules = set(tomllib.loads(FILE.read_text(encoding="utf-8")))

    assert rules == set(QUESTIONS) == {case.rule for case in CASES}
    assert len(CASES) == len(rules)


def test_each_title_is_another() -> None:
    assert len({rule.title for rule in catalogue().values()}) == len(catalogue())


@pytest.mark.parametrize("wrong", [{"kind": "mailbox"}, {"severity": "fatal"}, {"title": " "}, {"more": "x"}], ids=str)
def test_an_incomplete_rule_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(CatalogueError, match="odd"):
        read({"odd": COMPLETE | wrong})
