"""Every page of the console, and what is asked of whoever opens it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from alarms.models import Alarm, Dismissal, Notice
from configurator.audit.models import AuditEvent
from findings.models import Finding
from imports.models import Import
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.rotation_views import ACTS
from queues.models import Queue, QueueAddress
from tests.people import ACTOR, address, outgoing
from tests.queues.typed import PASSWORD
from tokenchecks.services import trial_begin


@dataclass(frozen=True)
class Url:
    """A URL by name, the records it is about and their kind where it names one, and what it allows.

    With ``reads`` a POST saves nothing, so that Support may do it; with ``back`` a GET leads to the object's page.
    """

    name: str
    about: tuple[str, ...] = ()
    kind: str = ""
    get: bool = True
    post: bool = True
    for_editors: bool = False
    reads: bool = False
    back: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.kind}".strip()

    def path(self, records: dict[str, Any]) -> str:
        """Return the address of the page of those records."""
        return reverse(self.name, args=[*filter(None, [self.kind]), *(records[key] for key in self.about)])


# for_editors: Support may not even look, since there is nothing to see but a form.
URLS = (
    Url("mailsettings:incoming_list", post=False),
    Url("mailsettings:incoming_new", for_editors=True),
    Url("mailsettings:incoming_pick", post=False),
    Url("mailsettings:incoming", ("server",)),
    Url("mailsettings:incoming_copy", ("server",), post=False, for_editors=True),
    Url("mailsettings:incoming_delete", ("server",), for_editors=True),
    *(Url(f"mailsettings:incoming_{act}", ("server",), back=True) for act in ACTS),
    Url("mailsettings:outgoing"),
    *(Url(f"mailsettings:outgoing_{act}", back=True) for act in ACTS),
    Url("queues:queue_list", post=False),
    Url("queues:queue_new", for_editors=True),
    Url("queues:queue", ("queue",)),
    Url("queues:queue_copy", ("queue",), post=False, for_editors=True),
    Url("queues:queue_delete", ("queue",), for_editors=True),
    Url("queues:address_new", ("queue",), get=False),
    Url("queues:address", ("queue", "address"), get=False),
    Url("queues:address_delete", ("queue", "address"), for_editors=True),
    Url("queues:address_export", post=False),
    Url("queues:queue_address_export", ("queue",), post=False),
    Url("tokenchecks:code_list", post=False),
    Url("tokenchecks:explain", get=False, reads=True),
    Url("tokenchecks:try_incoming_new", get=False),
    Url("tokenchecks:try_incoming", ("server",), get=False),
    Url("tokenchecks:try_outgoing", get=False),
    Url("tokenchecks:try_address_new", ("queue",), get=False),
    Url("tokenchecks:try_address", ("queue", "address"), get=False),
    Url("tokenchecks:trial", ("trial",), post=False, for_editors=True),
    Url("tokenchecks:try_next_incoming", ("server",), back=True, for_editors=True),
    Url("tokenchecks:try_next_outgoing", back=True, for_editors=True),
    Url("tokenchecks:test_mail_address", ("address",), for_editors=True),
    Url("tokenchecks:test_mail_outgoing", for_editors=True),
    Url("tokenchecks:risk_list", post=False),
    Url("tokenchecks:address_list", post=False),
    Url("tokenchecks:risk_try_all", get=False, reads=True),
    Url("tokenchecks:dry_run", ("address",), reads=True),
    Url("alarms:list", post=False),
    Url("alarms:alarm", ("alarm",), post=False),
    Url("alarms:trouble_list", post=False),
    Url("alarms:stopped_queues", post=False),
    Url("alarms:stopped_addresses", post=False),
    Url("alarms:test", get=False, for_editors=True),
    Url("alarms:try_again", ("notice",), get=False, for_editors=True),
    Url("alarms:dismiss", ("kind", "address"), for_editors=True),
    Url("alarms:take_back", ("dismissal",), get=False, for_editors=True),
    Url("support:sheet", ("queue",), post=False),
    Url("support:bundle", post=False),
    Url("support:bundle_of", ("queue",), "queue", post=False),
    Url("support:bundle_of", ("server",), "incoming_server", post=False),
    Url("findings:list", post=False),
    Url("findings:acknowledge", ("finding",), for_editors=True),
    Url("findings:take_back", ("finding",), get=False, for_editors=True),
    Url("imports:list", post=False, for_editors=True),
    Url("imports:new", for_editors=True),
    Url("imports:import", ("import",), post=False, for_editors=True),
    Url("imports:apply", ("import",), get=False, for_editors=True),
    Url("imports:again", ("import",), get=False, for_editors=True),
    Url("imports:discard", ("import",), get=False, for_editors=True),
    Url("queues:secret_list", post=False),
    Url("queues:impact", ("server",), post=False),
    Url("tokenchecks:standing_list", post=False),
    Url("tokenchecks:run_list", post=False),
    Url("tokenchecks:history", ("server",), "incoming_server", post=False),
    Url("tokenchecks:history", ("address",), "address", post=False),
    Url("console:audit_log", post=False),
    Url("console:audit_proof", post=False),
    Url("console:audit_event", ("event",), post=False),
    Url("console:last_event", ("server",), "incoming_server", post=False, back=True),
    Url("console:whole", post=False),
    Url("console:compare", post=False),
    Url("console:as_of", ("server",), "incoming_server", post=False),
)
MODELS = (IncomingServer, OutgoingServer, Queue, QueueAddress, Alarm, Notice, Dismissal, Finding, Import)


def records() -> dict[str, Any]:
    """Store one of each and return their keys."""
    box = address()
    outgoing()
    trial = trial_begin(actor=ACTOR, row=box.server, secrets={})
    alarm = Alarm.objects.create(topic="broken", cause="secret_expired", kind="incoming_server", since=timezone.now())
    notice = alarm.notices.create(event="opened", channel="mail", state="failed")
    dismissal = Dismissal.objects.create(
        kind="incoming_server",
        subject_id=box.server_id,
        status="warning",
        cause="read_role_only",
        reason="known",
        until=timezone.localdate(),
    )
    finding = Finding.objects.create(
        rule="server_unused", rank=2, kind="incoming_server", subject_id=box.server_id, name=box.server.name
    )
    return {
        "server": box.server_id,
        "queue": box.queue_id,
        "address": box.pk,
        "trial": trial.pk,
        "kind": "address",
        "alarm": alarm.pk,
        "notice": notice.pk,
        "dismissal": dismissal.pk,
        "finding": finding.pk,
        "import": Import.objects.create(kind="queue", file_name="queues.txt", state="ready").pk,
        "event": AuditEvent.objects.head().seq,
    }


def rows() -> list[Any]:
    """Return all that a write would change."""
    return [list(model._default_manager.order_by("pk").values()) for model in MODELS] + [AuditEvent.objects.count()]


FORGED = {
    "name": "Forged",
    "address": "forged@contoso.example",
    "account": "forged@contoso.example",
    "password": PASSWORD,
    "priority": "1",
    "version": "1",
}
