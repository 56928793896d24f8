"""Answers that a live check met in Microsoft's place.

``fault`` is what the demo tenant is made to do, with ``at`` as its endpoint; ``subject`` is "service" or "user", with
``secret`` or ``password`` as its own where given. ``outcome``, ``class`` and ``who`` are those of the decisive stage,
in whose title or cause ``says`` occurs; where ``outcome`` is "ok" there is none.
"""

from typing import Any

import pytest

from configurator.vault.text import Secret
from demo import names
from demo.server import DemoTenant
from tests.cases.rows import name_of, rows
from tests.tokenchecks.engine.conftest import Make, gateway, halden, running, service, tenant, user
from tests.tokenchecks.engine.labelled import PEOPLE
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.stages.check import run

__all__ = ["gateway", "halden", "running", "service", "tenant", "user"]


@pytest.mark.parametrize("row", rows("checks"), ids=name_of)
def test_the_answer_is_explained(
    row: dict[str, Any], tenant: DemoTenant, gateway: Gateway, service: Make, user: Make
) -> None:
    if "fault" in row:
        tenant.fault(match={"endpoint": row["at"]}, **row["fault"])
    changes = _credential(row, tenant)
    report = run((user if row["subject"] == "user" else service)(**changes), gateway)
    assert report.status == row["outcome"]
    if decisive := report.decisive:
        assert (decisive.class_, decisive.who) == (row["class"], PEOPLE[row["who"]])
        meaning = explain_cause(decisive.cause, "address")
        assert row["says"] in f"{meaning.title}. {meaning.cause}"


def _credential(row: dict[str, Any], tenant: DemoTenant) -> dict[str, Secret]:
    """Give the app or the account the secret or password of the row, and return it."""
    halden = tenant.world.tenants[names.HALDEN]
    if "secret" in row:
        halden.apps[names.SERVICE_APP].secrets[0].value = row["secret"]
        return {"secret": Secret(row["secret"])}
    if "password" in row:
        halden.accounts["anna.lindqvist@halden-energie.example"].password = row["password"]
        return {"password": Secret(row["password"])}
    return {}
