"""The test of a next secret, beside the current one."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from configurator.vault.text import Secret
from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.rotation import services as rotation
from tests.mailsettings.rotation.test_views import act, block, block_in
from tests.mailsettings.slots import FIRST, KINDS, SECOND, again, day, server_of, texts, with_next
from tests.people import ACTOR, incoming, outgoing
from tests.tokenchecks.trials import WRONG, only, perform_only, stage
from tokenchecks.engine.results import Outcome, StageResult
from tokenchecks.models import CheckResult, CheckRun, Purpose, State
from tokenchecks.screens.trials.panel import trial_panel
from tokenchecks.services.acts import next_secret_try
from tokenchecks.worker.claim import claim
from tokenchecks.worker.close import finish

pytestmark = pytest.mark.django_db


def said_in(answer: Any) -> str:
    """Return what the answer says, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(answer.content.decode())).split())


@pytest.fixture
def server(tenant: DemoTenant) -> IncomingServer:
    """Return a server whose current secret is wrong."""
    steps = first_steps(tenant.world)
    return incoming(tenant_id=steps["tenant"], client_id=steps["client_id"], secret=WRONG)


class TestNextSecret:
    """Beside the current one, which stays in use."""

    def test_that_works_is_remembered_and_switched_to_without_a_tick(
        self, tenant: DemoTenant, server: IncomingServer, admin: Client
    ) -> None:
        secret = Secret(first_steps(tenant.world)["secret"])
        rotation.next_secret_set(actor=ACTOR, server=server, secret=secret)

        admin.post(reverse("tokenchecks:try_next_incoming", args=[server.pk]))
        run = perform_only(Purpose.NEXT_SECRET)

        assert stage(run, "token")["outcome"] == "ok"
        said = admin.get(server.get_absolute_url()).content.decode()
        assert "you can switch to it" in said
        assert "Tested" in said
        assert 'id="id_untested"' not in said
        stored = IncomingServer.objects.get()
        assert stored.next_secret_tested_at
        assert stored.secret_id == server.secret_id
        assert not CheckResult.objects.exists()

    def test_that_is_refused_is_not_remembered(self, server: IncomingServer, admin: Client) -> None:
        rotation.next_secret_set(actor=ACTOR, server=server, secret=Secret(f"{WRONG}2"))

        admin.post(reverse("tokenchecks:try_next_incoming", args=[server.pk]))
        run = perform_only(Purpose.NEXT_SECRET)

        assert "does not accept" in trial_panel(run).verdict
        decisive = trial_panel(run).panel.decisive
        assert decisive
        assert decisive.words
        assert (decisive.words.label, "in Next secret." in decisive.words.remedy) == ("Next secret", True)
        page, _, field = decisive.field_url.partition("#")
        assert f'id="{field}"' in admin.get(page).content.decode()
        assert IncomingServer.objects.get().next_secret_tested_at is None

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        ("class_", "slot", "tick", "refusal"),
        [
            (
                "secret",
                "✕ Refused Tested now: Microsoft refused it.",
                "Switch although Microsoft refused the next secret",
                "The next secret was refused by Microsoft when it was tested.",
            ),
            (
                "network",
                "▲ Not passed Tested now: the test did not pass, see its result.",
                "Switch although the next secret did not pass its test",
                "The next secret did not pass its test.",
            ),
        ],
    )
    def test_that_did_not_pass_is_told_until_its_run_is_tidied_away(
        self, kind: str, class_: str, slot: str, tick: str, refusal: str, admin: Client
    ) -> None:
        """The slot, the tick and the refusal of the switch say so, the answer to the page that follows the test too."""
        server = with_next(server_of(kind))
        rotation.next_secret_passed(server)
        run = next_secret_try(actor=ACTOR, server=server)
        claimed = claim(run.pk)
        assert claimed
        ended = Outcome((StageResult("token", "broken", cause="secret_wrong", class_=class_),))
        finish(claimed, ended, summary="")
        if class_ == "network":
            assert again(server).next_secret_tested_at  # what Microsoft once said, it has not taken back
            type(server).objects.update(next_secret_tested_at=None)

        said = block(admin, server)
        assert slot in re.sub(r"Tested .*?:", "Tested now:", said)
        assert tick in said
        followed = said_in(admin.get(run.get_absolute_url(), headers={"HX-Request": "true"}))
        assert slot in re.sub(r"Tested .*?:", "Tested now:", followed)
        assert tick in followed
        refused = act(admin, server, "switch", wipe_on=day(7))
        assert refused.status_code == 422
        assert refusal in block_in(refused)
        assert texts(server) == (FIRST, SECOND, "")

        CheckRun.objects.filter(pk=run.pk).delete()
        assert "Not tested." in block(admin, server)
        assert "The next secret was not tested." in block_in(act(admin, server, "switch", wipe_on=day(7)))
        assert act(admin, server, "switch", wipe_on=day(7), untested="on").status_code == 302

    def test_that_took_the_place_of_a_refused_one_is_not_tested(self, server: IncomingServer, admin: Client) -> None:
        rotation.next_secret_set(actor=ACTOR, server=server, secret=Secret(f"{WRONG}2"))
        admin.post(reverse("tokenchecks:try_next_incoming", args=[server.pk]))
        perform_only(Purpose.NEXT_SECRET)
        assert "Microsoft refused it" in block(admin, server)

        rotation.next_secret_set(actor=ACTOR, server=IncomingServer.objects.get(), secret=Secret(f"{WRONG}3"))

        assert "Not tested." in block(admin, server)

    def test_that_was_replaced_meanwhile_comes_to_nothing(
        self, tenant: DemoTenant, server: IncomingServer, admin: Client
    ) -> None:
        rotation.next_secret_set(actor=ACTOR, server=server, secret=Secret(first_steps(tenant.world)["secret"]))
        admin.post(reverse("tokenchecks:try_next_incoming", args=[server.pk]))
        rotation.next_secret_set(actor=ACTOR, server=IncomingServer.objects.get(), secret=Secret(f"{WRONG}2"))

        run = perform_only(Purpose.NEXT_SECRET)

        assert (run.state, run.progress) == (State.DONE, [])
        assert "came to nothing" not in admin.get(server.get_absolute_url()).content.decode()
        assert IncomingServer.objects.get().next_secret_tested_at is None

    def test_of_the_outgoing_server(self, tenant: DemoTenant, admin: Client) -> None:
        steps = first_steps(tenant.world)
        item = outgoing(tenant=steps["tenant"], server_user=steps["outgoing_client_id"])
        rotation.next_secret_set(actor=ACTOR, server=item, secret=Secret(steps["outgoing_secret"]))

        admin.post(reverse("tokenchecks:try_next_outgoing"))
        perform_only(Purpose.NEXT_SECRET)

        assert OutgoingServer.objects.get().next_secret_tested_at

    def test_of_the_outgoing_server_that_is_refused_names_its_own_field(
        self, tenant: DemoTenant, admin: Client
    ) -> None:
        steps = first_steps(tenant.world)
        item = outgoing(tenant=steps["tenant"], server_user=steps["outgoing_client_id"])
        rotation.next_secret_set(actor=ACTOR, server=item, secret=Secret(WRONG))

        admin.post(reverse("tokenchecks:try_next_outgoing"))
        decisive = trial_panel(perform_only(Purpose.NEXT_SECRET)).panel.decisive

        assert decisive
        assert decisive.words
        assert (decisive.words.label, "in Next secret." in decisive.words.remedy) == ("Next secret", True)
        page, _, field = decisive.field_url.partition("#")
        assert f'id="{field}"' in admin.get(page).content.decode()

    def test_asked_for_twice_runs_once_and_without_one_not_at_all(self, server: IncomingServer, admin: Client) -> None:
        url = reverse("tokenchecks:try_next_incoming", args=[server.pk])
        assert "There is no next secret" in admin.post(url, follow=True).content.decode()
        rotation.next_secret_set(actor=ACTOR, server=server, secret=Secret(f"{WRONG}2"))
        admin.post(url)
        admin.post(url)

        assert only(Purpose.NEXT_SECRET).state == State.QUEUED
