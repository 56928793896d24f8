"""The panels of acts: a dry run, the test of a next secret, a test mail."""

from typing import Any

from django.urls import reverse

from configurator.status import Status
from mailsettings.models import IncomingServer
from mailsettings.rotation.forms import SwitchForm
from tokenchecks.engine.results import StageResult
from tokenchecks.models import CheckRun, Kind, RunInput
from tokenchecks.screens.panel import Panel, field_url, panel_of
from tokenchecks.screens.trials.trial_result import IT_LASTS, NO_MAIL, TrialPanel, verdict_of
from tokenchecks.subjects.inputs import SECRET_FIELD
from tokenchecks.subjects.next_secret_test import is_refused
from tokenchecks.subjects.stored_rows import stored
from tokenchecks.subjects.transcript import outcome_of

NEXT_FIELD = "id_slot_next_secret"
MAY_HAVE_LEFT = (
    "It is not known whether the mail left: look into the recipient's inbox before you send another. "
    "It is never sent a second time by itself."
)
NOT_ACCEPTED = "Microsoft does not accept the next secret."
NOT_PASSED = "The next secret did not pass its test, though Microsoft did not refuse it."
# Failures without an answer that says whether the mail was accepted.
OUTCOME_UNKNOWN = frozenset({"internal", "network", "transient"})


def dry_run_panel(run: CheckRun, run_input: RunInput) -> TrialPanel:
    server = IncomingServer.objects.filter(pk=run_input.values["server"]).first()
    address = stored(Kind.ADDRESS, run.subject_id)
    name = server.name if server else "the server"
    panel = panel_of(run, link=lambda result: _moved_field(run, run_input, result, address))
    passed = panel.status in (Status.OK, Status.WARNING) and address
    return TrialPanel(
        panel,
        f"{run.get_purpose_display()} under {name}",
        verdict=verdict_of(
            panel,
            f"{run.subject_name} would work under {name}: change its E-Mail Server to it. Nothing was changed yet.",
            f"{run.subject_name} would not work under {name} yet; this is missing. Nothing was changed.",
        ),
        link=(address.edit_url, "Change its E-Mail Server") if passed else None,
        not_proved=[NO_MAIL, IT_LASTS] if passed else [],
    )


def _moved_field(run: CheckRun, run_input: RunInput, result: StageResult, address: Any) -> str:
    """Return the link to the field: of the address, or of the server of the dry run."""
    if result.field and result.owner == "incoming_server":
        return f"{reverse('mailsettings:incoming', args=[run_input.values['server']])}#id_{result.field}"
    return field_url(run, result, address)


def next_secret_panel(run: CheckRun) -> TrialPanel:
    row = stored(run.kind, run.subject_id)
    entered = f"{row.get_absolute_url()}#{NEXT_FIELD}" if row else ""
    panel = panel_of(
        run, link=lambda result: entered if result.field in SECRET_FIELD.values() else field_url(run, result)
    )
    return TrialPanel(
        panel,
        run.get_purpose_display(),
        verdict=verdict_of(
            panel,
            "Microsoft accepts the next secret: you can switch to it.",
            f"{NOT_ACCEPTED if is_refused(outcome_of(run.progress)) else NOT_PASSED} The current one stays in use.",
        ),
        switch_form=SwitchForm(server=row) if row and row.next_secret_id and not panel.is_open else None,
    )


def mail_panel(run: CheckRun, run_input: RunInput) -> TrialPanel:
    panel = panel_of(run)
    way = f"from {run_input.values['sender']} to {run_input.values['recipient']}"
    return TrialPanel(
        panel,
        f"{run.get_purpose_display()} {way}",
        verdict=verdict_of(
            panel,
            f"Exchange took the mail {way}. Look into the recipient's inbox, and among its junk mail.",
            MAY_HAVE_LEFT if _may_have_left(panel) else "No mail was sent.",
        ),
    )


def _may_have_left(panel: Panel) -> bool:
    """Return whether it is unknown what became of the mail: something broke while it was handed over."""
    decisive = panel.decisive.result if panel.decisive else None
    if decisive is None or decisive.stage != "send" or decisive.outcome != "broken":
        return False
    return decisive.class_ in OUTCOME_UNKNOWN
