"""The panel of a trial: its stages, what they prove and what not, and the field to look at."""

from django.urls import reverse

from configurator.status import Status
from mailsettings.models import AuthenticationType, IncomingServer
from queues.models import QueueAddress
from queues.validators import canonical_address
from tokenchecks.engine.results import StageResult
from tokenchecks.models import CheckRun, Kind, Purpose, RunInput
from tokenchecks.screens.panel import Line, field_url, panel_of
from tokenchecks.screens.trials.act_panels import dry_run_panel, mail_panel, next_secret_panel
from tokenchecks.screens.trials.trial_result import IT_LASTS, NO_MAIL, TrialPanel, verdict_of

OWN = {Kind.INCOMING: "incoming_server", Kind.OUTGOING: "outgoing_server", Kind.ADDRESS: "queue_address"}
PREFIX = {Kind.INCOMING: "id_", Kind.OUTGOING: "id_", Kind.ADDRESS: "id_address_"}
MAILBOX = "id_mailbox"

NO_MAILBOX = "That a mailbox opens: a server has none of its own. Enter one above the button to try it with."
ONE_MAILBOX = "That other mailboxes open: only {} was tried, and an access policy may leave others out."
NO_SIGN_IN = (
    "That anybody can sign in: with OAuth User each address signs in by itself. Enter one of its addresses above the "
    "button to try it with."
)
FROM_HERE = (
    "That the account signs in from another network, at another time or tomorrow: a policy may ask for a second factor "
    "then, and passwords expire. This one sign-in came from this console's network."
)


def trial_panel(run: CheckRun, *, on_form: bool = False) -> TrialPanel:
    """Return the panel of the run; ``on_form`` where it is shown on the page of the form that was typed in."""
    if run.purpose == Purpose.DRY_RUN:
        return dry_run_panel(run, run.told)
    if run.purpose == Purpose.TRIAL:
        return _of_trial(run, run.told, on_form=on_form)
    if run.purpose == Purpose.TEST_MAIL:
        return mail_panel(run, run.told)
    return next_secret_panel(run)


def _of_trial(run: CheckRun, run_input: RunInput, *, on_form: bool) -> TrialPanel:
    panel = panel_of(run, link=lambda result: _typed_field(run, run_input, result, on_form=on_form))
    passed = panel.status in (Status.OK, Status.WARNING)
    hint = panel.decisive.field_url[1:] if panel.decisive and panel.decisive.field_url.startswith("#") else ""
    return TrialPanel(
        panel,
        run.get_purpose_display(),
        verdict=verdict_of(panel, "Nothing was saved yet: these values pass.", "Nothing was saved."),
        not_proved=_not_proved(run, run_input) if passed else [],
        input=hint,
        says=_in_short(panel.decisive) if hint else "",
    )


def _in_short(line: Line | None) -> str:
    """Return the message at the field."""
    return f"{line.words.title}. {line.words.remedy}" if line and line.words else ""


def _typed_field(run: CheckRun, run_input: RunInput, result: StageResult, *, on_form: bool) -> str:
    """Return the link to the field that was typed in, "" where the form is not on the page."""
    if not result.field:
        return ""
    kind = Kind(run.kind)
    if result.owner == OWN[kind]:
        return f"#{PREFIX[kind]}{result.field}" if on_form else ""
    if kind == Kind.INCOMING:
        return _mailbox_field(run, run_input, result, on_form=on_form)
    server = run_input.values["row"]["fields"]["server"]
    return f"{reverse('mailsettings:incoming', args=[server])}#id_{result.field}"


def _mailbox_field(run: CheckRun, run_input: RunInput, result: StageResult, *, on_form: bool) -> str:
    """Return the link to the mailbox of the trial, or to the field of the server's stored address."""
    if result.field == "address":
        return f"#{MAILBOX}" if on_form else ""
    key = canonical_address(run_input.values["mailbox"])
    address = QueueAddress.objects.filter(server=run_input.values["row"]["pk"], address_key=key).first()
    return field_url(run, result, address) if address else ""


def _not_proved(run: CheckRun, run_input: RunInput) -> list[str]:
    """Return what a pass does not prove."""
    if run.kind == Kind.OUTGOING:
        return [NO_MAIL, IT_LASTS]
    mailbox = run_input.values["mailbox"]
    service = _is_service(run, run_input)
    if run.kind == Kind.INCOMING and not mailbox:
        return [NO_MAILBOX, IT_LASTS] if service else [NO_SIGN_IN]
    others = [ONE_MAILBOX.format(mailbox)] if mailbox else []
    return [*others, NO_MAIL, IT_LASTS if service else FROM_HERE]


def _is_service(run: CheckRun, run_input: RunInput) -> bool:
    """Return whether the typed row signs in as an app."""
    fields = run_input.values["row"]["fields"]
    if run.kind == Kind.INCOMING:
        return bool(fields["authentication_type"] == AuthenticationType.OAUTH_SERVICE)
    server = IncomingServer.objects.filter(pk=fields["server"]).first()
    return bool(server and server.is_service)
