"""The panel of what was tried: its stages, what they prove and what they do not, and the field to look at."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from configurator.console.status import Status
from mailsettings.forms.slots import ROTATION
from mailsettings.models import AuthenticationType, IncomingServer
from tokenchecks.engine.results import StageResult
from tokenchecks.inputs import SECRET_FIELD
from tokenchecks.models import CheckRun, Kind, Purpose, RunInput
from tokenchecks.panel import Line, Panel, field_url, panel_of
from tokenchecks.subjects import stored

OWN = {Kind.INCOMING: "incoming_server", Kind.OUTGOING: "outgoing_server", Kind.ADDRESS: "queue_address"}
PREFIX = {Kind.INCOMING: "id_", Kind.OUTGOING: "id_", Kind.ADDRESS: "id_address_"}
MAILBOX = "id_mailbox"

NO_MAIL = "That mail can be sent: the right to send is one thing, a mail that leaves another, and none was sent."
IT_LASTS = "That it stays so: a secret ends, and rights and consent can be taken back."
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


MAY_HAVE_LEFT = (
    "It is not known whether the mail left: look into the recipient's inbox before you send another. "
    "It is never sent a second time by itself."
)
# What breaks without an answer that says whether the mail was taken.
UNTOLD = frozenset({"internal", "network", "transient"})


@dataclass(frozen=True)
class TrialPanel:
    """A run that is no history, as its page shows it."""

    panel: Panel
    purpose: str
    verdict: str = ""
    link: tuple[str, str] | None = None
    not_proved: list[str] = field(default_factory=list)
    # Whether it showed that the next secret is accepted.
    passed_next: bool = False
    # The input on the page that the decisive stage is about, and what to say beside it.
    input: str = ""
    says: str = ""


def trial_panel(run: CheckRun, *, beside: bool = False) -> TrialPanel:
    """Return the panel of the run; ``beside`` says that it stands on the page of the form that was typed in."""
    if run.purpose == Purpose.DRY_RUN:
        return _of_dry_run(run, run.told)
    if run.purpose == Purpose.TRIAL:
        return _of_trial(run, run.told, beside=beside)
    if run.purpose == Purpose.TEST_MAIL:
        return _of_test_mail(run, run.told)
    return _of_next_secret(run)


def _of_trial(run: CheckRun, told: RunInput, *, beside: bool) -> TrialPanel:
    """Return the panel of a check before save."""
    panel = panel_of(run, link=lambda result: _typed_field(run, told, result, beside=beside))
    passed = panel.status in (Status.OK, Status.WARNING)
    hint = panel.decisive.field_url[1:] if panel.decisive and panel.decisive.field_url.startswith("#") else ""
    return TrialPanel(
        panel,
        run.get_purpose_display(),
        verdict=_verdict(panel, "Nothing was saved yet: these values pass.", "Nothing was saved."),
        not_proved=_not_proved(run, told) if passed else [],
        input=hint,
        says=_in_short(panel.decisive) if hint else "",
    )


def _verdict(panel: Panel, good: str, bad: str) -> str:
    """Return what came of it in a sentence, "" while it is under way."""
    if panel.is_open:
        return ""
    if panel.status == Status.UNCHECKED:
        return "It came to nothing: what was to be checked is gone, or no worker took it up in time. Check again."
    return bad if panel.status == Status.BROKEN else good


def _in_short(line: Line | None) -> str:
    """Return what stands beside the field."""
    return f"{line.words.title}. {line.words.remedy}" if line and line.words else ""


def _typed_field(run: CheckRun, told: RunInput, result: StageResult, *, beside: bool) -> str:
    """Return the link to the field that was typed in, "" where the form is not on the page."""
    if not result.field:
        return ""
    kind = Kind(run.kind)
    if result.owner == OWN[kind]:
        return f"#{PREFIX[kind]}{result.field}" if beside else ""
    if kind == Kind.INCOMING:
        return f"#{MAILBOX}" if beside else ""
    server = told.values["row"]["fields"]["server"]
    return f"{reverse('mailsettings:incoming', args=[server])}#id_{result.field}"


def _not_proved(run: CheckRun, told: RunInput) -> list[str]:
    """Return what a pass does not prove."""
    if run.kind == Kind.OUTGOING:
        return [NO_MAIL, IT_LASTS]
    mailbox = told.values["mailbox"]
    service = _is_service(run, told)
    if run.kind == Kind.INCOMING and not mailbox:
        return [NO_MAILBOX, IT_LASTS] if service else [NO_SIGN_IN]
    others = [ONE_MAILBOX.format(mailbox)] if mailbox else []
    return [*others, NO_MAIL, IT_LASTS if service else FROM_HERE]


def _is_service(run: CheckRun, told: RunInput) -> bool:
    """Tell whether the typed row signs in as an app."""
    fields = told.values["row"]["fields"]
    if run.kind == Kind.INCOMING:
        return bool(fields["authentication_type"] == AuthenticationType.OAUTH_SERVICE)
    server = IncomingServer.objects.filter(pk=fields["server"]).first()
    return bool(server and server.is_service)


def _of_dry_run(run: CheckRun, told: RunInput) -> TrialPanel:
    """Return the panel of an address tried on another server."""
    server = IncomingServer.objects.filter(pk=told.values["server"]).first()
    address = stored(Kind.ADDRESS, run.subject_id)
    name = server.name if server else "the server"
    panel = panel_of(run, link=lambda result: _moved_field(run, told, result, address))
    passed = panel.status in (Status.OK, Status.WARNING) and address
    return TrialPanel(
        panel,
        f"{run.get_purpose_display()} under {name}",
        verdict=_verdict(
            panel,
            f"{run.subject_name} would work under {name}: change its E-Mail Server to it. Nothing was changed yet.",
            f"{run.subject_name} would not work under {name} yet; this is missing. Nothing was changed.",
        ),
        link=(address.edit_url, "Change its E-Mail Server") if passed else None,
        not_proved=[NO_MAIL, IT_LASTS] if passed else [],
    )


def _moved_field(run: CheckRun, told: RunInput, result: StageResult, address: Any) -> str:
    """Return the link to the field: of the address, or of the server that it was tried on."""
    if result.field and result.owner == "incoming_server":
        return f"{reverse('mailsettings:incoming', args=[told.values['server']])}#id_{result.field}"
    return field_url(run, result, address)


def _of_next_secret(run: CheckRun) -> TrialPanel:
    """Return the panel of a test of a server's next secret."""
    row = stored(run.kind, run.subject_id)
    slots = f"{row.get_absolute_url()}#{ROTATION.anchor}" if row else ""
    panel = panel_of(
        run, link=lambda result: slots if result.field in SECRET_FIELD.values() else field_url(run, result)
    )
    return TrialPanel(
        panel,
        run.get_purpose_display(),
        verdict=_verdict(
            panel,
            "Microsoft accepts the next secret: you can switch to it.",
            "Microsoft does not accept the next secret. The current one stays in use.",
        ),
        passed_next=panel.status in (Status.OK, Status.WARNING),
    )


def _of_test_mail(run: CheckRun, told: RunInput) -> TrialPanel:
    """Return the panel of a test mail."""
    panel = panel_of(run)
    way = f"from {told.values['sender']} to {told.values['recipient']}"
    return TrialPanel(
        panel,
        f"{run.get_purpose_display()} {way}",
        verdict=_verdict(
            panel,
            f"Exchange took the mail {way}. Look into the recipient's inbox, and among its junk mail.",
            MAY_HAVE_LEFT if _may_have_left(panel) else "No mail was sent.",
        ),
    )


def _may_have_left(panel: Panel) -> bool:
    """Tell whether it is unknown what became of the mail: something broke while it was handed over."""
    decisive = panel.decisive.result if panel.decisive else None
    if decisive is None or decisive.stage != "send" or decisive.outcome != "broken":
        return False
    return decisive.class_ in UNTOLD
