"""An earlier version of a user or a role is put back through its form, by whoever may save it and what it gives."""

from collections import defaultdict
from html import unescape
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from configurator.accounts.models import QueueGroup, Role, User
from configurator.accounts.rights import ALL, manage
from configurator.accounts.scope import Scope
from configurator.audit.models import AuditEvent
from configurator.console.people.services import role_delete, role_save, user_save
from tests.console.people.test_role_views import errors, ticked
from tests.console.put_back import action_of, head, way
from tests.people import ACTOR, As, group_made, limited, role_made, user_made

pytestmark = pytest.mark.django_db


class Ticked(HTMLParser):
    """The values that a browser would send with the page's form, each name with all that it has."""

    def __init__(self, page: str) -> None:
        """Read the page."""
        super().__init__()
        self.sent: dict[str, list[str]] = defaultdict(list)
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what the field holds."""
        found = dict(attrs)
        if tag != "input" or not (found.get("form") == "record-form" or found.get("name") == "version"):
            return
        if found.get("type") not in ("checkbox", "radio") or "checked" in found:
            self.sent[found.get("name") or ""].append(found.get("value") or "on")


def form_at(client: Client, path: str) -> tuple[str, dict[str, list[str]]]:
    """Return the page, and what its form would send."""
    page = client.get(path).content.decode()
    return page, {name: values for name, values in Ticked(page).sent.items() if values != ["on"] or name == "is_active"}


@pytest.fixture
def boss(signed_in: As) -> Client:
    """Return the client of a Superuser."""
    return signed_in("superuser")


def test_what_is_put_back_stays_beside_a_refusal(boss: Client) -> None:
    kim, role = user_made("kim", "Support", first_name="Kim"), role_made("Clerks", held={"queue.view"})
    then = head()
    kim.first_name = "Other"
    user_save(actor=ACTOR, user=kim, roles=[])
    role_save(actor=ACTOR, role=role, held={"queue.view", "user.view"})

    for row, blank, differing in ((kim, "username", 2), (role, "name", 1)):
        page, sent = form_at(boss, way(boss, row, then))
        assert page.count('class="differs"') == differing
        answer = boss.post(action_of(page), sent | {blank: ""})
        assert answer.status_code == 422
        assert answer.content.decode().count('<tr class="differs">') == differing


def test_a_user_is_put_back_with_roles_and_without_a_password(boss: Client) -> None:
    role_made("Clerks", held={"queue.view"})
    kim = user_made("kim", "Support", first_name="Kim", email="kim@contoso.example")
    user_save(actor=ACTOR, user=kim, roles=list(Role.roles.filter(name__in=["Clerks", "Support"])))
    then, password = head(), kim.password
    kim.first_name, kim.is_active = "Other", False
    user_save(actor=ACTOR, user=kim, roles=[])

    page, sent = form_at(boss, way(boss, kim, then))
    assert "The password is never put back" in page
    assert page.count('class="differs"') == 3
    assert "Clerks, Support" in page
    assert User.objects.get(pk=kim.pk).first_name == "Other"
    answer = boss.post(kim.get_absolute_url(), sent)

    assert answer.status_code == 302, errors(answer)
    kim = User.objects.get(pk=kim.pk)
    assert (kim.first_name, kim.is_active, kim.password) == ("Kim", True, password)
    assert [role.name for role in kim.groups.order_by("name")] == ["Clerks", "Support"]
    event = AuditEvent.objects.order_by("-seq")[0]
    assert (event.actor_name, event.action, event.kind) == ("superuser", "changed", "user")


def test_a_role_is_put_back_and_a_deleted_one_entered_anew(boss: Client) -> None:
    groups = [group_made("North"), group_made("South")]
    held = frozenset({"queue.view", "queue.modify", "alarm.view"})
    role = role_made("Night shift", held=held, groups=groups)
    then = head()
    role.name = "Day shift"
    role_save(actor=ACTOR, role=role, held={"queue.view"}, groups=groups[:1])

    page, sent = form_at(boss, way(boss, role, then))
    assert page.count('class="differs"') == 4
    assert "North, South" in page
    assert boss.post(role.get_absolute_url(), sent).status_code == 302
    role = Role.roles.get(pk=role.pk)
    assert (role.name, role.rights_held()) == ("Night shift", held)
    assert role.scope() == Scope(frozenset(group.pk for group in groups))

    gone = role.pk
    role_delete(actor=ACTOR, role=role)
    role.pk = gone
    path = way(boss, role, then)
    assert boss.post(path.partition("?")[0], form_at(boss, path)[1]).status_code == 302
    made = Role.roles.get(name="Night shift")
    assert (made.rights_held(), len(made.scope().groups or ())) == (held, 2)


def test_a_role_is_not_put_back_without_a_group_that_it_was_limited_to(boss: Client) -> None:
    """It would reach to more queues than it did, to all of them where it was the only one."""
    group = group_made("North")
    role = role_made("Northerners", held={"queue.view"}, groups=[group])
    then = head()
    role_save(actor=ACTOR, role=role, held={"queue.view"})
    path = way(boss, role, then)
    QueueGroup.objects.all().delete()

    assert "nothing is saved yet" not in boss.get(path).content.decode()


def test_nobody_is_offered_what_he_may_not_save_or_is_given_what_he_lacks(boss: Client, signed_in: As) -> None:
    mighty, kim = user_made("mighty", "Superuser"), user_made("kim", "Superuser")
    user_save(actor=ACTOR, user=kim, roles=list(Role.roles.filter(name="Superuser")), version=kim.version)
    kim.first_name = "Kim"
    user_save(actor=ACTOR, user=kim, roles=list(Role.roles.filter(name="Superuser")))
    then = head()
    user_save(actor=ACTOR, user=kim, roles=[])
    mighty.first_name = "Mighty"
    user_save(actor=ACTOR, user=mighty, roles=list(Role.roles.filter(name="Superuser")))
    role = role_made("Keepers", held=ALL)
    clerk = role_made("Clerk", held=manage("user", "role") | {"audit_log.view"})
    user_made("clerk", "Clerk")
    User.objects.filter(username="clerk").update(password_is_initial=False)
    client = Client()
    client.force_login(User.objects.get(username="clerk"))

    for row in (mighty, role, Role.roles.get(name="Support")):
        assert way(client, row, head()) == "", row
    assert way(boss, Role.roles.get(name="Support"), head()) == ""
    assert way(signed_in("support"), kim, then) == ""
    assert clerk.rights_held() < ALL
    _, sent = form_at(client, way(client, kim, then))
    assert sent["groups"] == [str(Role.roles.get(name="Superuser").pk)]
    [said] = errors(client.post(kim.get_absolute_url(), sent))["groups"]
    assert said.startswith("You cannot give Superuser")
    assert not User.objects.get(pk=kim.pk).groups.exists()


def test_who_is_limited_puts_no_role_back(boss: Client) -> None:
    """He is not told to which groups it was limited."""
    north = group_made("North")
    role = role_made("Northerners", held={"queue.view"}, groups=[north])
    then = head()
    role.name = "Others"
    role_save(actor=ACTOR, role=role, held={"queue.view"}, groups=[north])
    client = Client()
    client.force_login(limited("clerk-of-the-north", ALL, north))

    assert way(client, role, then) == ""
    path = unescape(way(boss, role, then))
    assert path
    assert "nothing is saved yet" not in client.get(path).content.decode()
    assert client.get(reverse("console:role", args=[role.pk])).status_code == 200


def test_two_who_change_the_groups_of_a_role_see_both_sides(boss: Client) -> None:
    north, south = group_made("North"), group_made("South")
    role = role_made("Shift", held={"queue.view"}, groups=[north])
    sent = ticked("queue.view", name="Shift", queue_groups=[str(south.pk)], version=role.version)
    role_save(actor=ACTOR, role=role, held={"queue.view"}, groups=[north, south])

    answer = boss.post(role.get_absolute_url(), sent)

    assert answer.status_code == 409
    assert "North, South" in answer.content.decode()
