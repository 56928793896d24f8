"""What belongs together: the reach of every cause, and the scopes that follow from it."""

import pytest

from tests.health.alarms.standings import breaks, watch_of, works
from tests.people import address, incoming
from tests.queues.typed import PASSWORD
from tokenchecks.engine.explain.catalogue import catalogue
from tokenchecks.models import Watch
from tokenchecks.subjects.grouping import CAUSES_OF_A_MAILBOX, OF_THE_CONSOLE, POLICIES_OF_ALL, Level, level_of

EVERYWHERE, SIGN_IN, MAILBOX = Level


@pytest.mark.parametrize(
    ("cause", "level"),
    [
        ("secret_expired", SIGN_IN),
        ("secret_wrong", SIGN_IN),
        ("tenant_unknown", SIGN_IN),
        ("app_unknown", SIGN_IN),
        ("consent_missing", SIGN_IN),
        ("scope_refused", SIGN_IN),
        ("role_missing", SIGN_IN),
        ("client_id_missing", SIGN_IN),
        ("policy_blocks_app", SIGN_IN),
        ("security_defaults", SIGN_IN),
        ("domain_unknown", MAILBOX),
        ("account_unknown", MAILBOX),
        ("password_wrong", MAILBOX),
        ("mfa_required", MAILBOX),
        ("federated", MAILBOX),
        ("mailbox_without_licence", MAILBOX),
        ("access_policy", MAILBOX),
        ("mailbox_malformed", MAILBOX),
        ("mailbox_access_denied", MAILBOX),
        ("domain_in_other_tenant", MAILBOX),
        ("send_as_denied", MAILBOX),
        ("tenant_restriction", SIGN_IN),
        ("clock_skew", EVERYWHERE),
        ("net_dns", EVERYWHERE),
        ("throttled", EVERYWHERE),
        ("service_trouble", EVERYWHERE),
        ("internal.secret_unreadable", EVERYWHERE),
    ],
)
def test_each_cause_has_its_reach(cause: str, level: Level) -> None:
    assert level_of(cause, catalogue().causes[cause].class_) is level


def test_each_exception_is_a_cause_of_the_catalogue() -> None:
    assert catalogue().causes.keys() >= OF_THE_CONSOLE | POLICIES_OF_ALL | CAUSES_OF_A_MAILBOX


def test_every_cause_of_the_catalogue_has_a_reach_by_its_class() -> None:
    reach: dict[str, set[Level]] = {cause.class_: set() for cause in catalogue().causes.values()}
    for cause in catalogue().causes.values():
        reach[cause.class_].add(level_of(cause.key, cause.class_))

    assert {class_ for class_, levels in reach.items() if levels == {EVERYWHERE}} == {
        "network",
        "throttle",
        "transient",
        "internal",
    }
    for class_ in ("secret", "app", "consent", "scope"):
        assert reach[class_] == {SIGN_IN}, class_
    for class_ in ("account", "password", "licence", "access_policy", "federation"):
        assert reach[class_] == {MAILBOX}, class_


@pytest.mark.django_db
def test_what_signs_in_with_one_secret_shares_its_causes_and_users_share_their_server() -> None:
    """As the check that finds the cause writes it on the watch."""
    service, user = incoming(), incoming(authentication_type="oauth_user")
    shared, box = address(server=service), address(server=user, password=PASSWORD)
    rows = [service, user, shared, box]
    key = watch_of(service).credential
    assert watch_of(box).credential not in ("", key)

    def scopes(cause: str) -> list[str]:
        breaks(rows, cause)
        return [watch_of(row).scope for row in rows]

    of_service, of_user = f"server:{service.pk}", f"server:{user.pk}"
    assert scopes("secret_expired") == [f"credential:{key}", of_user, f"credential:{key}", of_user]
    assert scopes("mailbox_unknown") == [of_service, of_user, of_service, of_user]
    assert scopes("net_dns") == [""] * 4
    works(rows)
    assert not Watch.objects.exclude(scope="").exists()
