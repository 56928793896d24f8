"""The screen Roles: the matrix, a role's page, copies and deletions."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from configurator.accounts.models import Role, User
from configurator.accounts.rights import ALL, BY_KEY, DEFAULT_ROLES, IN_ORDER, view
from configurator.console.people.grant_rules import LAST
from tests.console.test_query_counts import queries
from tests.people import As, person, role_made, user_made
from tests.trail import trailed

NEW = "/roles/new/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(signed_in: As) -> Client:
    """Return the client of a Superuser."""
    return signed_in("superuser")


def ticked(*held: str, name: str = "Night shift", **more: Any) -> dict[str, Any]:
    """Return what a role's page sends."""
    acts: dict[str, list[str]] = {}
    for right in held:
        key, _, act = right.partition(".")
        acts.setdefault(key, []).append(act)
    return {"name": name} | acts | more


def errors(answer: Any) -> dict[str, list[str]]:
    """Return the messages on the fields of a refused form."""
    assert answer.status_code == 422, answer
    found: dict[str, list[str]] = answer.context["form"].errors
    return found


def test_the_matrix_says_each_right_of_each_role_in_words_and_who_has_it(boss: Client) -> None:
    user_made("kim", "Support")
    role = role_made(held={"queue.view"})

    page = boss.get("/roles/").content.decode()

    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    words = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]
    names = sorted([*DEFAULT_ROLES, role.name])
    given = DEFAULT_ROLES | {role.name: {"queue.view"}}
    for right, row in zip(IN_ORDER, words[2:], strict=True):
        said = " ".join("✓ Yes" if right in given[name] else "– No" for name in names)
        assert row.endswith(said), right
        assert row.startswith(BY_KEY[right.partition(".")[0]].label)
    assert "kim 1 user" in words[0]
    assert words[1] == "Queues" + " All queues" * len(names)
    assert "Nobody" in words[0]


def test_a_default_role_is_copied_named_and_changed(boss: Client) -> None:
    support = Role.roles.get(name="Support")
    form = boss.get(f"{NEW}?copy={support.pk}").content.decode()
    assert 'value="Copy of Support"' in form
    assert form.partition("</main>")[0].count("checked") == len(DEFAULT_ROLES["Support"])

    with trailed() as events:
        answer = boss.post(NEW, ticked("queue.view", "queue.modify", "token_check.view"))

    role = Role.roles.get(name="Night shift")
    assert answer["Location"] == role.get_absolute_url()
    assert role.rights_held() == {"queue.view", "queue.modify", "token_check.view"}
    [event] = events
    assert (event.action, event.kind) == ("created", "role")
    assert event.after == {"name": "Night shift", "rights": ["Queue: View", "Queue: Modify", "Token Check: View"]}


def test_a_change_of_a_role_counts_on_the_next_request_of_who_has_it(boss: Client) -> None:
    role = role_made(held={"queue.view"})
    kim, client = user_made("kim", "Night shift"), Client()
    User.objects.filter(pk=kim.pk).update(password_is_initial=False)
    client.force_login(kim)
    assert [client.get(path).status_code for path in ("/queues/", "/queues/new/", "/audit-log/")] == [200, 403, 403]

    with trailed() as events:
        sent = ticked("queue.view", "queue.create", "audit_log.view", version=role.version)
        assert boss.post(role.get_absolute_url(), sent).status_code == 302

    assert [client.get(path).status_code for path in ("/queues/", "/queues/new/", "/audit-log/")] == [200, 200, 200]
    assert [event.after for event in events] == [{"rights": ["Queue: View", "Queue: Create", "Audit Log: View"]}]
    boss.post(role.get_absolute_url(), ticked("audit_log.view", version=Role.roles.get(pk=role.pk).version))
    assert [client.get(path).status_code for path in ("/queues/", "/queues/new/", "/audit-log/")] == [403, 403, 200]


def test_nothing_can_be_done_to_what_is_not_seen(boss: Client) -> None:
    assert errors(boss.post(NEW, ticked("queue.delete"))) == {"queue": ["Delete also needs View: tick View too."]}
    assert errors(boss.post(NEW, ticked(name="Support"))) == {
        "name": ["There is a role of this name already: choose another."]
    }
    assert list(errors(boss.post(NEW, {"name": "x", "queue": ["view", "fly"]}))) == ["queue"]


def test_a_default_role_is_neither_edited_nor_deleted(boss: Client) -> None:
    for name in DEFAULT_ROLES:
        role = Role.roles.get(name=name)
        assert boss.post(role.get_absolute_url(), ticked("queue.view", version=role.version)).status_code == 403
        assert boss.post(f"{role.get_absolute_url()}delete/").status_code == 403
        page = boss.get(role.get_absolute_url()).content.decode()
        assert "only copied" in page
        assert "record-form" not in page
        assert Role.roles.get(name=name).rights_held() == DEFAULT_ROLES[name]


def test_a_role_is_deleted_once_nobody_has_it(boss: Client) -> None:
    role, kim = role_made(held={"queue.view"}), user_made("kim", "Night shift")
    path = reverse("console:role_delete", args=[role.pk])

    refused = boss.post(path)
    assert refused.status_code == 409
    assert "kim" in refused.content.decode()
    kim.groups.clear()
    with trailed() as events:
        assert boss.post(path)["Location"] == "/roles/"

    assert not Group.objects.filter(pk=role.pk).exists()
    assert [(event.action, event.object_id, event.before["name"]) for event in events] == [
        ("deleted", str(role.pk), "Night shift")
    ]


def test_of_two_who_save_a_role_the_second_sees_both(boss: Client) -> None:
    role = role_made(held={"queue.view"})
    mine = ticked("queue.view", "queue.modify", name="Mine", version=role.version)
    boss.post(role.get_absolute_url(), ticked("queue.view", name="Theirs", version=role.version))

    answer = boss.post(role.get_absolute_url(), mine)

    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert Role.roles.get(pk=role.pk).name == "Theirs"


def test_an_edit_of_the_role_of_the_last_who_may_do_everything_is_refused_on_its_field(boss: Client) -> None:
    role = role_made("Everything", held=ALL)
    me = person("superuser")
    me.groups.set([role])

    sent = ticked(*(right for right in IN_ORDER if right != "alarm.modify"), name="Everything", version=role.version)
    assert errors(boss.post(role.get_absolute_url(), sent)) == {"alarm": [LAST]}

    assert Role.roles.get(pk=role.pk).rights_held() == ALL
    user_made("second", "Superuser")
    assert boss.post(role.get_absolute_url(), sent).status_code == 302


def test_support_reads_a_role_as_text(signed_in: As) -> None:
    role = role_made(held={"queue.view", "queue.modify"})
    page = signed_in("support").get(role.get_absolute_url()).content.decode()

    assert "Queue: Modify" in page
    assert "<input" not in page.partition("<main")[2].partition("</main>")[0]


def test_the_pages_make_few_queries_however_many_roles_and_users_there_are(boss: Client) -> None:
    role, kim = role_made(held={"queue.view"}), user_made("kim", "Night shift")
    own = [role.get_absolute_url(), f"{role.get_absolute_url()}delete/", f"{NEW}?copy={role.pk}"]
    paths = ["/users/new/", kim.get_absolute_url(), "/roles/", NEW, *own]

    few = {path: queries(boss, path) for path in paths}
    for number in range(6):
        many = role_made(f"Role {number}", held=view("queue", "alarm"))
        User.objects.create(username=f"user-{number}").groups.set([role, many])
    kim.groups.set(Group.objects.exclude(name="Superuser"))

    assert {path: queries(boss, path) for path in paths} == few
    assert max(few.values()) <= 12, few
