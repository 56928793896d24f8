"""The screen Users: the list, a user's page, and initial passwords."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from configurator.accounts.models import Role, User
from configurator.console.people.grant_rules import LAST
from tests.console.exported import rows_in
from tests.people import INITIAL, As, person, user_made
from tests.trail import trailed

LIST, NEW = "/users/", "/users/new/"
OTHER = "cold-soup-on-a-monday"
pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(signed_in: As) -> Client:
    """Return the client of a Superuser."""
    return signed_in("superuser")


def ids(*names: str) -> list[int]:
    """Return the keys of the roles."""
    return list(Role.roles.filter(name__in=names).values_list("pk", flat=True))


def typed(user: User, **values: Any) -> dict[str, Any]:
    """Return what the user's page sends, with these values in place of the stored ones."""
    stored = User.objects.get(pk=user.pk)
    page: dict[str, Any] = {
        "username": stored.username,
        "first_name": stored.first_name,
        "email": stored.email,
        "is_active": "on",
    }
    page |= {"groups": [group.pk for group in stored.groups.all()], "version": stored.version}
    return {name: value for name, value in (page | values).items() if value is not None}


def save(client: Client, user: User, **values: Any) -> Any:
    """Save the user's page."""
    return client.post(user.get_absolute_url(), typed(user, **values))


def errors(answer: Any) -> dict[str, list[str]]:
    """Return the messages on the fields of a refused form."""
    assert answer.status_code == 422, answer
    found: dict[str, list[str]] = answer.context["form"].errors
    return found


def test_a_user_is_added_with_roles_and_an_initial_password(boss: Client) -> None:
    values = {"username": "kim", "email": "kim@contoso.example", "is_active": "on", "groups": ids("Support")}
    with trailed() as events:
        answer = boss.post(NEW, values | {"password1": INITIAL, "password2": INITIAL})

    kim = User.objects.get(username="kim")
    assert (answer.status_code, answer["Location"]) == (302, kim.get_absolute_url())
    assert kim.check_password(INITIAL)
    assert kim.password_is_initial
    [event] = events
    assert (event.action, event.kind, event.object_id, event.actor_name) == (
        "created",
        "user",
        str(kim.pk),
        "superuser",
    )
    assert (event.after["roles"], event.after["password"]) == (["Support"], "set")
    assert INITIAL not in str(event.after)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("", "", "Initial password is required"),
        ("short", "short", "at least 12 characters"),
        ("kimberley-jones", "kimberley-jones", "too similar to the"),
        ("password1234", "password1234", "too common"),
        (INITIAL, OTHER, "type the same password twice"),
    ],
)
def test_a_weak_initial_password_is_refused_and_not_sent_back(boss: Client, first: str, second: str, said: str) -> None:
    answer = boss.post(NEW, {"username": "kimberley-jones", "password1": first, "password2": second})

    assert said in str(errors(answer))
    assert not first or f'value="{first}"' not in answer.content.decode().replace('value="kimberley-jones" ', "")
    assert not User.objects.filter(username="kimberley-jones").exists()


def test_the_list_is_searched_and_filtered_and_taken_away(boss: Client) -> None:
    user_made("kim", "Support", "Queue Administrator", first_name="Kim", email="k@contoso.example")
    user_made("lee", "Support", is_active=False)

    def found(**query: Any) -> set[str]:
        rows = rows_in(boss, LIST, "csv", **query)
        shown = boss.get(LIST, query).content.decode()
        names = {row["User name"] for row in rows}
        assert all(f">{name}</a>" in shown for name in names)
        return names

    assert found() == {"superuser", "kim", "lee"}
    assert found(q="contoso") == {"kim"}
    assert found(role=ids("Support")[0]) == {"kim", "lee"}
    assert found(is_active="False") == {"lee"}
    [kim] = rows_in(boss, LIST, "csv", role=str(ids("Support")[0]), q="kim")
    assert kim["Roles"] == "Queue Administrator, Support"
    assert "password" not in str(kim).lower()


def test_a_change_counts_on_the_next_request_and_is_one_event(boss: Client) -> None:
    kim, client = user_made("kim", "Support"), Client()
    kim.password_is_initial = False
    kim.save()
    client.force_login(kim)
    assert client.get("/queues/new/").status_code == 403

    with trailed() as events:
        assert save(boss, kim, groups=ids("Queue Administrator"), first_name="Kim").status_code == 302

    assert client.get("/queues/new/").status_code == 200
    assert client.get("/audit-log/").status_code == 403
    [event] = events
    assert event.before == {"first_name": "", "roles": ["Support"]}
    assert event.after == {"first_name": "Kim", "roles": ["Queue Administrator"]}
    with trailed() as events:
        save(boss, kim)
    assert events == []


def test_a_deactivated_user_is_out_on_the_next_request_and_cannot_sign_in(boss: Client) -> None:
    kim, client = user_made("kim", "Support"), Client()
    kim.password_is_initial = False
    kim.save()
    client.force_login(kim)
    assert client.get("/queues/").status_code == 200

    assert save(boss, kim, is_active=None).status_code == 302

    assert client.get("/queues/")["Location"].startswith(reverse("accounts:sign_in"))
    assert client.post(reverse("accounts:sign_in"), {"username": "kim", "password": INITIAL}).status_code == 422


def test_of_two_who_save_the_second_sees_both_versions(boss: Client) -> None:
    kim = user_made("kim", "Support")
    mine = typed(kim, first_name="Mine", groups=ids("Queue Administrator"))
    save(boss, kim, first_name="Theirs")

    answer = boss.post(kim.get_absolute_url(), mine)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "superuser saved this meanwhile" in page
    assert "Theirs" in page
    assert User.objects.get(pk=kim.pk).first_name == "Theirs"


def test_a_new_initial_password_ends_the_sessions_and_has_to_be_replaced(boss: Client) -> None:
    kim, client = user_made("kim", "Support"), Client()
    kim.password_is_initial = False
    kim.save()
    client.force_login(kim)
    path = reverse("console:user_password", args=[kim.pk])

    refused = boss.post(path, {"password1": OTHER, "password2": INITIAL})
    assert (refused.status_code, OTHER in refused.content.decode()) == (422, False)
    with trailed() as events:
        answer = boss.post(path, {"password1": OTHER, "password2": OTHER}, follow=True)

    assert OTHER not in answer.content.decode()
    assert [(event.action, event.after) for event in events] == [("changed", {"password": "changed"})]
    assert client.get("/queues/").status_code == 302
    client.post(reverse("accounts:sign_in"), {"username": "kim", "password": OTHER})
    own = reverse("accounts:password")
    assert client.get("/queues/")["Location"] == own
    assert client.post("/queues/new/", {"name": "x"})["Location"] == own
    assert client.get(own).status_code == 200
    same = {"old_password": OTHER, "new_password1": OTHER, "new_password2": OTHER}
    assert client.post(own, same).status_code == 422
    assert client.post(own, dict.fromkeys(same, "a\x00b")).status_code == 422
    with trailed() as events:
        assert client.post(own, same | {"new_password1": INITIAL, "new_password2": INITIAL}).status_code == 302
    assert [(event.actor_name, event.after) for event in events] == [("kim", {"password": "changed"})]
    assert client.get("/queues/").status_code == 200


def test_a_reload_of_a_refused_password_leads_back(boss: Client) -> None:
    kim = user_made()
    path = reverse("console:user_password", args=[kim.pk])

    assert boss.get(path)["Location"] == f"{kim.get_absolute_url()}#password"


@pytest.mark.parametrize(("change", "field"), [({"is_active": None}, "is_active"), ({"groups": []}, "groups")])
def test_the_last_superuser_stays(boss: Client, change: dict[str, Any], field: str) -> None:
    me = person("superuser")
    user_made("sleeping", "Superuser", is_active=False)

    assert errors(save(boss, me, **change)) == {field: [LAST]}

    assert User.people.superusers().get() == me
    user_made("second", "Superuser")
    assert save(boss, me, **change).status_code == 302


def test_a_name_that_differs_in_capitals_alone_is_taken(boss: Client) -> None:
    user_made("kim")

    answer = boss.post(NEW, {"username": "KIM", "password1": INITIAL, "password2": INITIAL})

    assert errors(answer) == {"username": ["There is a user of this name already: choose another."]}


def test_support_reads_a_user_as_text_with_what_the_roles_give(signed_in: As) -> None:
    kim = user_made("kim", "Queue Administrator", first_name="Kim")
    page = signed_in("support").get(kim.get_absolute_url()).content.decode()

    assert "Queue Administrator" in page
    assert "<dt>Queue</dt><dd>Manage</dd>" in page
    assert "<dt>Token Check</dt><dd>View, Run</dd>" in page
    assert "<input" not in page.partition("<main")[2].partition("</main>")[0]
