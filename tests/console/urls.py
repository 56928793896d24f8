"""Every address of the console, who may open it and who may send to it: one line an address, and nothing outside it.

test_permissions.py asks each cell of the table with a real request, and fails for an address that is not in it;
docs/rights.md is made from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from configurator.accounts.models import QueueGroup, User
from configurator.audit.models import AuditEvent
from configurator.console.models import SavedView
from health.alarms.models import Alarm, Notice
from health.findings.models import Finding
from health.models import Acknowledgement
from imports.models import Import
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.rotation.views import ACTS
from queues.models import Queue, QueueAddress
from tests.console.bulk.jobs import begun
from tests.people import ACTOR, address, group_made, outgoing, person, role_made, user_made
from tests.queues.typed import PASSWORD
from tokenchecks.models import CheckRound, CheckRun
from tokenchecks.services.trial import trial_begin

# Who may, by the names of tests/people.py.
NOBODY: tuple[str, ...] = ()
EVERYONE = ("support", "queues", "admin", "superuser")
ON_QUEUES = ("queues", "admin", "superuser")
ON_SERVERS = ("admin", "superuser")
ON_THE_LOG = ("support", "admin", "superuser")
SEE_PEOPLE = ("support", "superuser")
ON_PEOPLE = ("superuser",)
BEGAN_IT = ("admin",)


@dataclass(frozen=True)
class Url:
    """An address by name, the records it is about and their kind where it names one, and who may open and send.

    With ``back`` a GET leads to another page, with ``reads`` a POST saves nothing, with ``noted`` a GET is an event of
    the audit log; ``open`` asks nobody to sign in, and ``hides`` says to the others that there is nothing.
    """

    name: str
    about: tuple[str, ...] = ()
    kind: str = ""
    get: tuple[str, ...] = EVERYONE
    post: tuple[str, ...] = NOBODY
    reads: bool = False
    back: bool = False
    noted: bool = False
    open: bool = False
    hides: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.kind}".strip()

    def path(self, records: dict[str, Any]) -> str:
        """Return the address of the page of those records."""
        return reverse(self.name, args=[*filter(None, [self.kind]), *(records[key] for key in self.about)])


URLS = (
    Url("console:start"),
    Url("console:healthz", open=True),
    Url("console:theme", get=NOBODY, post=EVERYONE, reads=True, open=True),
    Url("console:audit_log", get=ON_THE_LOG),
    Url("console:audit_proof", get=ON_THE_LOG, noted=True),
    Url("console:audit_event", ("event",), get=ON_THE_LOG),
    Url("console:last_event", ("server",), "incoming_server", get=ON_THE_LOG, back=True),
    Url("console:whole", get=ON_THE_LOG),
    Url("console:compare", get=ON_THE_LOG),
    Url("console:as_of", ("server",), "incoming_server", get=ON_THE_LOG),
    Url("console:user_list", get=SEE_PEOPLE),
    Url("console:user_new", get=ON_PEOPLE, post=ON_PEOPLE),
    Url("console:user", ("user",), get=SEE_PEOPLE, post=ON_PEOPLE),
    Url("console:user_password", ("user",), get=SEE_PEOPLE, post=ON_PEOPLE, back=True),
    Url("console:role_list", get=SEE_PEOPLE),
    Url("console:role_new", get=ON_PEOPLE, post=ON_PEOPLE),
    Url("console:role", ("role",), get=SEE_PEOPLE, post=ON_PEOPLE),
    Url("console:role_delete", ("role",), get=ON_PEOPLE, post=ON_PEOPLE),
    Url("console:queue_group_list", get=SEE_PEOPLE),
    Url("console:queue_group_new", get=ON_PEOPLE, post=ON_PEOPLE),
    Url("console:queue_group", ("group",), get=SEE_PEOPLE, post=ON_PEOPLE),
    Url("console:queue_group_delete", ("group",), get=ON_PEOPLE, post=ON_PEOPLE),
    Url("console:taste_keep", get=NOBODY, post=EVERYONE),
    Url("console:taste_forget", get=NOBODY, post=EVERYONE),
    Url("console:view_keep", get=NOBODY, post=EVERYONE),
    Url("console:view_change", ("view",), get=NOBODY, post=ON_PEOPLE, hides=True),
    Url("console:view_delete", ("view",), get=NOBODY, post=ON_PEOPLE, hides=True),
    Url("accounts:sign_in", post=EVERYONE, back=True, open=True),
    Url("accounts:sign_out", get=NOBODY, post=EVERYONE),
    Url("accounts:password", post=EVERYONE, reads=True),
    Url("mailsettings:incoming_list"),
    Url("mailsettings:incoming_new", get=ON_SERVERS, post=ON_SERVERS),
    Url("mailsettings:incoming_pick"),
    Url("mailsettings:incoming", ("server",), post=ON_SERVERS),
    Url("mailsettings:incoming_copy", ("server",), get=ON_SERVERS),
    Url("mailsettings:incoming_delete", ("server",), get=ON_SERVERS, post=ON_SERVERS),
    *(Url(f"mailsettings:incoming_{act}", ("server",), post=ON_SERVERS, back=True) for act in ACTS),
    Url("mailsettings:outgoing", post=ON_SERVERS),
    *(Url(f"mailsettings:outgoing_{act}", post=ON_SERVERS, back=True) for act in ACTS),
    Url("queues:queue_list"),
    Url("queues:queue_new", get=ON_QUEUES, post=ON_QUEUES),
    Url("queues:queue", ("queue",), post=ON_QUEUES),
    Url("queues:queue_copy", ("queue",), get=ON_QUEUES),
    Url("queues:queue_delete", ("queue",), get=ON_QUEUES, post=ON_QUEUES),
    Url("queues:address_new", ("queue",), post=ON_QUEUES, back=True),
    Url("queues:address", ("queue", "address"), post=ON_QUEUES, back=True),
    Url("queues:address_delete", ("queue", "address"), get=ON_QUEUES, post=ON_QUEUES),
    Url("queues:address_export", noted=True),
    Url("queues:queue_address_export", ("queue",), noted=True),
    Url("queues:secret_list"),
    Url("queues:impact", ("server",)),
    Url("tokenchecks:standing_list"),
    Url("tokenchecks:run_list"),
    Url("tokenchecks:run", ("run",)),
    Url("tokenchecks:code_list"),
    Url("tokenchecks:explain", post=EVERYONE, reads=True, back=True),
    Url("tokenchecks:check_all", get=NOBODY, post=EVERYONE, reads=True),
    Url("tokenchecks:round", ("round",)),
    Url("tokenchecks:round_cancel", ("round",), get=NOBODY, post=EVERYONE, reads=True),
    Url("tokenchecks:try_incoming_new", post=ON_SERVERS, reads=True, back=True),
    Url("tokenchecks:try_incoming", ("server",), post=ON_SERVERS, reads=True, back=True),
    Url("tokenchecks:try_outgoing", post=ON_SERVERS, reads=True, back=True),
    Url("tokenchecks:try_address_new", ("queue",), post=ON_QUEUES, reads=True, back=True),
    Url("tokenchecks:try_address", ("queue", "address"), post=ON_QUEUES, reads=True, back=True),
    Url("tokenchecks:trial", ("trial",), get=ON_SERVERS),
    Url("tokenchecks:try_next_incoming", ("server",), get=ON_SERVERS, post=ON_SERVERS, reads=True, back=True),
    Url("tokenchecks:try_next_outgoing", get=ON_SERVERS, post=ON_SERVERS, reads=True, back=True),
    Url("tokenchecks:test_mail_address", ("address",), get=ON_QUEUES, post=ON_QUEUES, reads=True),
    Url("tokenchecks:test_mail_outgoing", get=ON_SERVERS, post=ON_SERVERS, reads=True),
    Url("tokenchecks:risk_list"),
    Url("tokenchecks:address_list"),
    Url("tokenchecks:risk_try_all", get=NOBODY, post=EVERYONE, reads=True),
    Url("tokenchecks:dry_run", ("address",), post=EVERYONE, reads=True),
    *(
        Url("tokenchecks:subject", (key,), kind, back=True)
        for kind, key in (("incoming_server", "server"), ("address", "address"))
    ),
    Url("tokenchecks:history", ("server",), "incoming_server"),
    Url("tokenchecks:history", ("address",), "address"),
    Url("tokenchecks:panel", ("server",), "incoming_server"),
    Url("tokenchecks:panel", ("address",), "address"),
    Url("tokenchecks:check_now", ("server",), "incoming_server", get=NOBODY, post=EVERYONE, reads=True),
    Url("tokenchecks:check_now", ("queue",), "queue", get=NOBODY, post=EVERYONE, reads=True),
    Url("alarms:list"),
    Url("alarms:alarm", ("alarm",)),
    Url("alarms:trouble_list"),
    Url("alarms:stopped_queues"),
    Url("alarms:stopped_addresses"),
    Url("alarms:test", get=NOBODY, post=ON_SERVERS),
    Url("alarms:try_again", ("notice",), get=NOBODY, post=ON_SERVERS),
    Url("alarms:dismiss", ("kind", "address"), get=ON_QUEUES, post=ON_QUEUES),
    Url("alarms:take_back", ("acknowledgement",), get=NOBODY, post=ON_SERVERS),
    Url("findings:list"),
    Url("findings:acknowledge", ("finding",), get=ON_SERVERS, post=ON_SERVERS),
    Url("findings:take_back", ("finding",), get=NOBODY, post=ON_SERVERS),
    Url("imports:list", get=ON_QUEUES),
    Url("imports:new", get=ON_QUEUES, post=ON_QUEUES),
    Url("imports:import", ("import",), get=ON_QUEUES),
    Url("imports:apply", ("import",), get=NOBODY, post=ON_QUEUES),
    Url("imports:sheet", ("import",), get=NOBODY, post=ON_QUEUES),
    Url("imports:again", ("import",), get=NOBODY, post=ON_QUEUES),
    Url("imports:discard", ("import",), get=NOBODY, post=ON_QUEUES),
    Url("bulk:begin", ("rows", "action"), get=NOBODY, post=ON_QUEUES, reads=True),
    Url("bulk:job", ("job",), get=ON_QUEUES),
    Url("bulk:values", ("job",), get=NOBODY, post=BEGAN_IT),
    Url("bulk:confirm", ("job",), get=NOBODY, post=BEGAN_IT),
    Url("support:sheet", ("queue",)),
    Url("support:bundle", noted=True),
    Url("support:bundle_of", ("queue",), "queue", noted=True),
    Url("support:bundle_of", ("server",), "incoming_server", noted=True),
)
# What is served beside the URL map, and what other consoles have and this one has not: path, then what GET answers.
OUTSIDE = {
    "/static/css/frame.css": 200,
    "/static/": 404,
    "/static/../manage.py": 404,
    "/static/%2e%2e/manage.py": 404,
    "/media/": 404,
    "/admin/": 404,
    "/accounts/login/": 404,
    "/api/": 404,
    "/.env": 404,
    "/nowhere/": 404,
}


def patterns(resolver: Any = None, at: str = "/", space: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and the route of every pattern of the URL map; the name is "" for one that has none."""
    for item in (resolver or get_resolver()).url_patterns:
        route = f"{at}{item.pattern}"
        if isinstance(item, URLResolver):
            yield from patterns(item, route, f"{space}{item.namespace}:" if item.namespace else space)
        elif isinstance(item, URLPattern):
            yield (f"{space}{item.name}" if item.name else ""), route


MODELS = (
    User,
    Group,
    QueueGroup,
    IncomingServer,
    OutgoingServer,
    Queue,
    QueueAddress,
    Alarm,
    Notice,
    Acknowledgement,
    Finding,
    Import,
)


def records() -> dict[str, Any]:
    """Store one of each and return their keys."""
    box = address()
    outgoing()
    trial = trial_begin(actor=ACTOR, row=box.server, secrets={})
    alarm = Alarm.objects.create(topic="broken", cause="secret_expired", kind="incoming_server", since=timezone.now())
    notice = alarm.notices.create(event="opened", channel="mail", state="failed")
    acknowledgement = Acknowledgement.objects.create(
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
    round_ = CheckRound.objects.create(requested_by="somebody")
    return {
        "run": CheckRun.objects.filter(purpose="check", subject_id=box.server_id).values_list("pk", flat=True)[0],
        "round": round_.pk,
        "user": user_made().pk,
        "view": SavedView.objects.create(owner=person("superuser"), list="queues:queue_list", name="Mine").pk,
        "group": group_made("Written off").pk,
        "role": role_made(held={"queue.view"}).pk,
        "server": box.server_id,
        "queue": box.queue_id,
        "address": box.pk,
        "trial": trial.pk,
        "kind": "address",
        "alarm": alarm.pk,
        "notice": notice.pk,
        "acknowledgement": acknowledgement.pk,
        "finding": finding.pk,
        "import": Import.objects.create(kind="queue", file_name="queues.txt", state="ready").pk,
        "rows": "queues",
        "action": "change-priority",
        "job": begun("queues", "change-priority", box.queue).pk,
        "event": AuditEvent.objects.head().seq,
    }


def rows() -> list[Any]:
    """Return all that a write would change."""
    return [list(model._default_manager.order_by("pk").values()) for model in MODELS] + [AuditEvent.objects.count()]


FORGED = {
    "back": "/queues/",
    "name": "Forged",
    "address": "forged@contoso.example",
    "account": "forged@contoso.example",
    "password": PASSWORD,
    "priority": "1",
    "version": "1",
}
