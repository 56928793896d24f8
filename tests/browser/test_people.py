"""A new colleague, from a copied role to the first sign-in, as people go through it."""

import pytest

from configurator.accounts.models import Role, User
from tests.browser.conftest import Open
from tests.people import INITIAL, queue

pytestmark = pytest.mark.browser
OWN = "thirteen-quiet-lighthouses"


def test_a_colleague_gets_a_copied_role_and_chooses_a_password(transactional_db: None, open_as: Open) -> None:
    """A role is copied and cut down; its holder signs in, has to choose a password, and sees what the role gives."""
    queue(name="Night desk")
    boss = open_as("superuser")
    boss.goto(f"/roles/new/?copy={Role.roles.get(name='Queue Administrator').pk}")
    boss.get_by_label("Name").fill("Night shift")
    for act in ("Create", "Delete"):
        boss.get_by_role("group", name="Queue", exact=True).get_by_label(act).uncheck()
    boss.get_by_role("button", name="Save", exact=True).click()
    boss.get_by_role("heading", name="Night shift", level=1).wait_for()

    boss.goto("/users/new/")
    boss.get_by_label("User name").fill("kim")
    boss.get_by_label("Night shift").check()
    for field in ("password1", "password2"):
        boss.locator(f"#id_{field}").fill(INITIAL)
    boss.get_by_role("button", name="Save", exact=True).click()
    boss.get_by_role("heading", name="kim", level=1).wait_for()
    assert INITIAL not in boss.content()

    kim = open_as("")
    kim.goto("/queues/")
    kim.get_by_label("Username").fill("kim")
    kim.get_by_label("Password").fill(INITIAL)
    kim.get_by_role("button", name="Sign in").click()
    kim.get_by_role("heading", name="Your password").wait_for()
    kim.get_by_label("Password now").fill(INITIAL)
    for field in ("new_password1", "new_password2"):
        kim.locator(f"#id_{field}").fill(OWN)
    kim.get_by_role("button", name="Change password").click()
    kim.get_by_role("link", name="Queues", exact=True).first.click()
    kim.get_by_role("link", name="Night desk").click()
    kim.get_by_role("button", name="Save", exact=True).wait_for()
    assert kim.get_by_role("link", name="Delete").count() == 0
    assert User.objects.get(username="kim").check_password(OWN)

    boss.get_by_label("Active").uncheck()
    boss.get_by_role("button", name="Save", exact=True).click()
    boss.get_by_text("The user was saved").wait_for()
    kim.goto("/queues/")
    kim.get_by_role("heading", name="Sign in").wait_for()
