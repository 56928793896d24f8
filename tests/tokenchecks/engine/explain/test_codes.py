"""Every code of Entra, as Entra sends it: a live check ends with the right class, person and field."""

import pytest

from demo.server import DemoTenant
from tests.tokenchecks.engine.codes import CODES, USER_ONLY, Expected
from tests.tokenchecks.engine.conftest import Make
from tokenchecks.engine.explain.catalogue import catalogue
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages.check import run


def diagnosis(result: StageResult) -> Expected:
    return Expected(result.class_, result.who, result.field, result.password_right)


def test_the_table_covers_the_catalogue() -> None:
    assert set(CODES) == set(catalogue().tables["aadsts"])
    assert len(CODES) >= 100


@pytest.mark.parametrize("code", CODES)
def test_user_is_told_what_the_code_means(gateway: Gateway, user: Make, tenant: DemoTenant, code: str) -> None:
    tenant.fault(kind="aadsts", code=int(code))
    result = run(user(), gateway).decisive
    assert result is not None
    assert (result.stage, result.outcome, result.code) == ("token", "broken", f"AADSTS{code}")
    assert diagnosis(result) == CODES[code]
    # Only what passes by itself is tried again.
    assert result.retry is (CODES[code].class_ in {"transient", "throttle"})
    assert result.where


@pytest.mark.parametrize("code", sorted(CODES.keys() - USER_ONLY))
def test_service_is_told_what_the_code_means(gateway: Gateway, service: Make, tenant: DemoTenant, code: str) -> None:
    tenant.fault(kind="aadsts", code=int(code))
    result = run(service(), gateway).decisive
    assert result is not None
    assert (result.stage, result.code) == ("token", f"AADSTS{code}")
    assert diagnosis(result) == CODES[code]._replace(password_right=False)


@pytest.mark.parametrize("code", ["90002", "900021", "900023", "90038", "90033", "50196"])
def test_the_tenant_stage_reads_the_same_codes(gateway: Gateway, service: Make, tenant: DemoTenant, code: str) -> None:
    tenant.fault(kind="aadsts", code=int(code), match={"endpoint": "discovery"})
    result = run(service(), gateway).decisive
    assert result is not None
    assert (result.stage, result.class_, result.who) == ("tenant", CODES[code].class_, CODES[code].who)
