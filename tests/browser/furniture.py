"""Something on every page: servers in each state, a queue with addresses, a check that ended and one that runs."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from configurator.accounts.models import QueueGroup, Role, User
from configurator.console.bulk.models import BulkJob
from configurator.console.bulk.services import performing
from health.acknowledgements.services import acknowledge
from health.alarms.models import Alarm
from health.alarms.services import reconcile
from health.findings import services as findings
from health.findings.models import Finding
from health.findings.services.acknowledgements import FindingSubject
from imports.models import Import
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tests.console.bulk.jobs import begun, done
from tests.health.alarms.standings import breaks, warns
from tests.imports.files import looked_at, tab
from tests.mailsettings.slots import THIRD, switched, with_next
from tests.people import ACTOR, address, group_made, incoming, outgoing, person, queue, role_made, user_made
from tokenchecks.engine.explain.explanation import explain_code
from tokenchecks.engine.results import STAGES, Outcome, StageResult
from tokenchecks.models import CheckRun, State
from tokenchecks.services.acts import dry_run
from tokenchecks.services.queue import check_now
from tokenchecks.services.trial import trial_begin
from tokenchecks.subjects.targets import targets_of
from tokenchecks.worker.claim import claim, save_stage
from tokenchecks.worker.close import finish

WORDS = "AADSTS7000222: The provided client secret keys for app are expired."


@dataclass(frozen=True)
class Furniture:
    """What the pages are about."""

    broken: IncomingServer
    personal: IncomingServer
    queue: Queue
    address: QueueAddress
    tried: QueueAddress
    run: CheckRun
    trial: CheckRun
    alarm: Alarm
    finding: Finding
    imported: Import
    user: User
    role: Role
    group: QueueGroup
    jobs: dict[str, BulkJob]

    @property
    def pages(self) -> dict[str, str]:
        """Return a name and the path of every page that Support may see too."""
        return {
            "start": "/",
            "incoming-list": "/e-mail-settings/incoming/",
            "incoming-list-empty": "/e-mail-settings/incoming/?q=nothing+like+it",
            "incoming": self.broken.get_absolute_url(),
            "outgoing": "/e-mail-settings/outgoing/",
            "queue-list": "/queues/",
            "queue": self.queue.get_absolute_url(),
            "set-up-sheet": f"/support/queues/{self.queue.pk}/sheet/",
            "support-bundle": f"/support/bundle/queue/{self.queue.pk}/",
            "stopped-addresses": "/alarms/stopped/addresses/",
            "standing": "/token-checks/",
            "troubles": "/alarms/troubles/",
            "history": f"/token-checks/incoming_server/{self.broken.pk}/history/",
            "history-address": f"/token-checks/address/{self.address.pk}/history/?period=1y",
            "secrets": "/queues/impact/",
            "impact": f"/queues/impact/{self.broken.pk}/",
            "check-list": "/token-checks/checks/",
            "risk-list": "/token-checks/at-risk/",
            "address-list": "/token-checks/addresses/",
            "dry-run": f"/token-checks/at-risk/{self.tried.pk}/",
            "check": self.run.get_absolute_url(),
            "code-list": "/token-checks/codes/",
            "code-list-one": "/token-checks/codes/?q=AADSTS7000215",
            "code-list-empty": "/token-checks/codes/?q=nothing+like+it",
            "finding-list": "/findings/",
            "finding-list-acknowledged": "/findings/?state=acknowledged",
            "finding-list-empty": "/findings/?q=nothing+like+it",
            "alarm-list": "/alarms/",
            "alarm-list-empty": "/alarms/?q=nothing+like+it",
            "alarm": self.alarm.get_absolute_url(),
            "audit-log": "/audit-log/",
            "audit-event": "/audit-log/1/",
            "as-of-whole": "/audit-log/as-of/",
            "compare": "/audit-log/compare/",
            "as-of": f"/audit-log/as-of/queue/{self.queue.pk}/",
            "users": "/users/",
            "user": self.user.get_absolute_url(),
            "roles": "/roles/",
            "role": self.role.get_absolute_url(),
            "queue-groups": "/queue-groups/",
            "queue-group": self.group.get_absolute_url(),
            "password": "/password/",
            "not-found": "/nowhere/",
        }

    @property
    def forms(self) -> dict[str, str]:
        """Return a name and the path of every page on which something is entered."""
        return {
            "incoming-new": "/e-mail-settings/incoming/new/",
            "incoming-copy": f"{self.broken.get_absolute_url()}copy/",
            "incoming-delete-refused": f"{self.broken.get_absolute_url()}delete/",
            "queue-new": "/queues/new/",
            "queue-copy": f"{self.queue.get_absolute_url()}copy/",
            "queue-delete": f"{self.queue.get_absolute_url()}delete/",
            "address-new": f"{self.queue.get_absolute_url()}?address=new",
            "address": self.address.edit_url,
            "test-mail": "/token-checks/test-mail/outgoing/",
            "import-list": "/imports/",
            "import-new": "/imports/new/?kind=address",
            "import": self.imported.get_absolute_url(),
            "import-refused": f"{self.imported.get_absolute_url()}?outcome=refused",
            "trial": self.trial.get_absolute_url(),
            "acknowledge": f"/findings/{self.finding.pk}/acknowledge/",
            "user-new": "/users/new/",
            "queue-group-new": "/queue-groups/new/",
            "queue-group-delete": f"{self.group.get_absolute_url()}delete/",
            "role-copy": f"/roles/new/?copy={self.role.pk}",
            "role-delete-refused": f"{self.role.get_absolute_url()}delete/",
            **{f"bulk-{name}": job.get_absolute_url() for name, job in self.jobs.items()},
            "dismiss": f"/alarms/dismiss/incoming_server/{self.personal.pk}/",
        }


def furnish() -> Furniture:
    """Store it all through the services."""
    people: list[User] = [person(name) for name in ("superuser", "admin", "support")]
    people[0].first_name, people[0].last_name = "Ada", "Berg"
    people[0].save()
    broken = incoming(name="Vertrieb & Verkauf mit einem langen Namen ⚡")
    personal = incoming(name="Personal mailboxes", authentication_type="oauth_user")
    with_next(switched(broken), THIRD)
    with_next(outgoing())
    group = group_made("Key accounts of the north")
    home = queue(name="Key accounts", description="Personal mailboxes of the account managers", group=group)
    first = address(queue=home, server=broken, address="anna.lindqvist-von-der-leyen@contoso.example")
    tried = address(queue=home, server=personal, password="mailbox-password", account="jonas@contoso.example")
    queue(name="A queue without an address")
    breaks([broken], times=1)
    check_now(actor=ACTOR, targets=targets_of("incoming_server", broken.pk)[:1])
    run = end_badly(broken)
    alarm = raise_alarms(broken, personal)
    jobs = begin_jobs(home, first, personal)
    begin(first)
    [dried] = dry_run(actor=ACTOR, moves=[(tried, broken)])
    end_well(dried)
    trial = trial_begin(actor=ACTOR, row=broken, secrets={})
    end_well(trial)
    role = role_made(held={"queue.view", "queue.modify"}, groups=[group, group_made("South")])
    user = user_made("kim", "Night shift", first_name="Kim", email="kim@contoso.example")
    found, imported = find(), import_queues()
    return Furniture(broken, personal, home, first, tried, run, trial, alarm, found, imported, user, role, group, jobs)


def begin_jobs(home: Queue, box: QueueAddress, other: IncomingServer) -> dict[str, BulkJob]:
    """Begin bulk actions and leave each at another step: it asks, is previewed, refused, given up, and done."""
    by = "superuser"
    given_up = begun("queues", "disable", home, by=by)
    BulkJob.objects.filter(pk=given_up.pk).update(state="failed", problem=performing.BROKE_OFF)
    return {
        "asks": begun("addresses", "change-server", box, by=by),
        "preview": begun("queues", "change-priority", query="", by=by, priority="7"),
        "refused": begun("addresses", "change-server", box, by=by, server=other),
        "failed": given_up,
        "done": done(begun("addresses", "change-language", box, by=by, extension_language="pt-BR")),
    }


def find() -> Finding:
    """Look for findings, and acknowledge one of them."""
    findings.reconcile()
    [acknowledged, left, *_] = Finding.objects.worst_first()
    acknowledge(actor=ACTOR, subject=FindingSubject(acknowledged.pk), reason="Known: it is mended on Monday.")
    return left


def import_queues() -> Import:
    """Let a file of queues be looked at: one is changed, one new, one refused, one stays and one goes."""
    queue(name="Goes")
    labels = ("Name", "Description", "Priority", "Delete")
    rows = [("Key accounts", "Another text, with which it is described", "3", ""), ("New " + "name " * 12, "", "3", "")]
    rows += [("Refused", "", "0", ""), ("A queue without an address", "", "1", ""), ("Goes", "", "", "D")]
    return looked_at("queue", tab(labels, *rows), by="superuser", name="queues-of-the-contact-centre.txt")


def end_well(run: CheckRun) -> None:
    """Let what was tried pass."""
    mine = claim(run.pk)
    assert mine
    finish(mine, Outcome(tuple(StageResult(stage, "ok", ms=3) for stage in STAGES)), summary="")


def raise_alarms(broken: IncomingServer, warned: IncomingServer) -> Alarm:
    """Open an alarm with one notice out and one given up, let a secret end soon, and warn of another server."""
    IncomingServer.objects.filter(pk=broken.pk).update(secret_expires_on=timezone.localdate() + timedelta(days=9))
    warns([warned])
    reconcile()
    alarm = Alarm.objects.get(topic="broken")
    alarm.notices.create(event="opened", channel="webhook", state="sent", attempts=1, sent_at=timezone.now())
    alarm.notices.create(event="opened", channel="mail", state="failed", attempts=24, last_error="no answer in time")
    return alarm


def end_badly(server: IncomingServer) -> CheckRun:
    """Let the check that the save queued end with an expired secret."""
    run = claim(CheckRun.objects.get(subject_id=server.pk, state=State.QUEUED).pk)
    assert run
    meaning = explain_code("7000222")
    refused = StageResult(
        "token",
        "broken",
        code="AADSTS7000222",
        cause=meaning.key,
        who=meaning.who,
        field="secret",
        owner="incoming_server",
        ms=204,
        correlation_id="1f6c0b5e-3c0a-4d5b-9b83-0d2b6f1e8a11",
        provider_words=WORDS,
    )
    passed = [StageResult(stage, "ok", ms=3) for stage in STAGES[:2]]
    missed = [StageResult(stage, "not_reached") for stage in STAGES[3:]]
    finish(run, Outcome((*passed, refused, *missed)), summary=meaning.title)
    return run


def begin(item: QueueAddress) -> None:
    """Let the check of the address stand in the middle."""
    run = claim(CheckRun.objects.get(subject_id=item.pk, state=State.QUEUED).pk)
    assert run
    save_stage(run, StageResult("settings", "ok", ms=1))
