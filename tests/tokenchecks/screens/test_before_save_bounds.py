"""Who may check before save, how often, and what its address shows by itself."""

import pytest
from django.test import Client
from django.urls import reverse

from demo.server import DemoTenant
from tests.people import As, address, outgoing
from tests.tokenchecks.trials import performed, press, server_typed
from tokenchecks.models import CheckRun
from tokenchecks.services.trial import PER_MINUTE

pytestmark = pytest.mark.django_db


class TestRate:
    """Ten within a minute."""

    def test_the_eleventh_is_put_off_and_nothing_typed_is_lost(self, tenant: DemoTenant, admin: Client) -> None:
        typed = server_typed(tenant)
        for _ in range(PER_MINUTE):
            assert press(admin, "try_incoming_new", **typed).status_code == 200

        answer = press(admin, "try_incoming_new", **typed)

        assert answer.status_code == 429
        assert b"all you typed is still here" in answer.content
        assert typed["client_id"] in answer.content.decode()
        assert CheckRun.objects.count() == PER_MINUTE


class TestWhoMaySee:
    """The asker, and those who may save what it is about."""

    @pytest.mark.parametrize(("who", "status"), [("superuser", 200), ("admin", 200), ("queues", 403), ("support", 403)])
    def test_a_trial_of_a_server(self, who: str, status: int, tenant: DemoTenant, signed_in: As) -> None:
        run = press(signed_in("admin"), "try_incoming_new", **server_typed(tenant)).context["trial"].panel.run

        assert signed_in(who).get(run.get_absolute_url()).status_code == status

    def test_it_is_in_no_list_and_on_no_page_of_checks(self, tenant: DemoTenant, signed_in: As) -> None:
        run = performed(press(signed_in("admin"), "try_incoming_new", **server_typed(tenant)))

        support = signed_in("support")
        assert "Fjordlys" not in support.get(reverse("tokenchecks:run_list")).content.decode()
        assert support.get(reverse("tokenchecks:run", args=[run.pk])).status_code == 404


def test_opened_without_anything_to_check_it_leads_to_the_form(signed_in: As) -> None:
    """Whoever reloads the address of a check before save finds the form again, not a bare refusal."""
    box, client = address(), signed_in("admin")
    outgoing()
    leads = {
        reverse("tokenchecks:try_incoming_new"): reverse("mailsettings:incoming_new"),
        reverse("tokenchecks:try_incoming", args=[box.server_id]): box.server.get_absolute_url(),
        reverse("tokenchecks:try_outgoing"): reverse("mailsettings:outgoing"),
        reverse("tokenchecks:try_address", args=[box.queue_id, box.pk]): box.edit_url,
        reverse("tokenchecks:try_address_new", args=[box.queue_id]): f"{box.queue.get_absolute_url()}?address=new"
        "#numbers-addresses",
    }

    assert {path: client.get(path)["Location"] for path in leads} == leads


def test_what_only_a_button_sends_says_so_when_it_is_opened(signed_in: As) -> None:
    """405 in words, with the way on."""
    answer = signed_in("admin").get(reverse("tokenchecks:check_all"))

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "press it there" in answer.content.decode()
