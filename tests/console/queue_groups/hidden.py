"""An estate of two queue groups: what is in the second one has names that stand nowhere else."""

import io
import zipfile
from datetime import timedelta
from typing import Any

from django.utils import timezone

from configurator.accounts.models import QueueGroup
from configurator.audit.models import AuditEvent
from health.alarms.models import Alarm
from health.alarms.services import reconcile as reconcile_alarms
from health.findings.models import Finding
from health.findings.services import reconcile
from health.models import Acknowledgement
from queues.models import QueueAddress
from queues.services import address_save, queue_delete, queue_save
from tests.console.bulk.jobs import begun
from tests.console.urls import records
from tests.people import ACTOR, address, group_made, incoming, queue, role_made
from tests.queues.typed import PASSWORD
from tests.tokenchecks.runs import BAD, claimed
from tokenchecks.models import CheckRun, Watch
from tokenchecks.services.acts import dry_run
from tokenchecks.services.rounds import round_begin
from tokenchecks.services.trial import trial_begin
from tokenchecks.subjects.targets import every_target
from tokenchecks.worker.close import finish

# In every name of what is hidden; SOUGHT finds it, and may be sent back by a search box.
CANARY, SOUGHT = "okapi", "kapi"


class Estate:
    """What a limited person may view, and what he may not, each under the keys of the table of addresses."""

    def __init__(self, inside: str = "North", outside: str = f"South {CANARY}") -> None:
        """Store both, on a server that they share."""
        self.inside, self.outside = group_made(inside), group_made(outside)
        self.server = incoming(name="Shared", secret_expires_on=timezone.localdate() + timedelta(days=20))
        self.user_server = incoming(name="By password", authentication_type="oauth_user")
        self.own = self.box("own", self.inside)
        self.hidden = self.box(CANARY, self.outside)
        self.ungrouped = self.box(f"{CANARY}-ungrouped", None)
        self.past()
        role_made("Southerners", held={"queue.view"}, groups=[self.outside])
        self.open = records() | self.of(self.own) | {
            "group": self.inside.pk, "server": self.server.pk, "round": self.round.pk,
        }  # fmt: skip
        self.closed = self.of(self.hidden) | {"group": self.outside.pk}

    def box(self, name: str, group: QueueGroup | None) -> QueueAddress:
        """Return an address on a queue of the group."""
        home = queue(name=f"Queue {name}", description=f"About {name}", group=group)
        address(queue=home, server=self.user_server, address=f"{name}-user@contoso.example", password=PASSWORD)
        return address(
            queue=home,
            server=self.server,
            address=f"{name}-box@contoso.example",
            account=f"{name}-account@contoso.example",
            sender=True,
            earlier_sender=f"{name}-sender@contoso.example",
        )

    def past(self) -> None:
        """Let something come from the hidden queue, a hidden queue be deleted, and everything break."""
        moved = address(queue=self.hidden.queue, server=self.server, address="moved@contoso.example")
        moved.queue = self.own.queue
        address_save(actor=ACTOR, address=moved)
        given = queue(name="Given over", group=self.outside)
        given.group = self.inside
        queue_save(actor=ACTOR, queue=given)
        self.gone = queue(name=f"Gone {CANARY}", group=self.outside)
        queue_delete(actor=ACTOR, queue=self.gone)
        for run in CheckRun.objects.filter(state="queued"):
            finish(claimed(run), BAD, summary=f"found on {run.subject_name}")
        Watch.objects.update(bad_samples=2)
        Watch.objects.filter(kind="address").update(cause="mailbox_missing", error_class="account", status="broken")
        reconcile_alarms()
        reconcile()
        self.round = round_begin(actor=ACTOR, targets=every_target())
        for run in CheckRun.objects.filter(round=self.round, subject_id__in=[self.own.pk, self.hidden.pk]):
            finish(claimed(run), BAD, summary="found in the round")
        Watch.objects.filter(subject_id=self.hidden.pk).update(
            cause="account_missing", scope=f"server:{self.server.pk}"
        )
        dry_run(actor=ACTOR, moves=[(box, self.server) for box in (self.own, self.hidden)])

    def of(self, box: QueueAddress) -> dict[str, Any]:
        """Return one of each that is about the address or its queue, by the keys of the table of addresses."""
        alarm = Alarm.objects.create(
            topic="broken", cause="mailbox_missing", scope=f"address:{box.pk}", kind="address",
            name=box.address, since=timezone.now(), stops="9 queues",
        )  # fmt: skip
        alarm.subjects.create(kind="address", subject_id=box.pk, name=box.address)
        finding = Finding.objects.create(
            rule="address_failing", rank=2, kind="address", subject_id=box.pk, home=box.queue_id, name=box.address,
            detail=f"Of {box.address}",
        )  # fmt: skip
        acknowledgement = Acknowledgement.objects.create(
            kind="address", subject_id=box.pk, name=box.address, status="warning", cause="read_role_only",
            reason="known", until=timezone.localdate(),
        )  # fmt: skip
        event = AuditEvent.objects.of_object("queue", box.queue_id).order_by("seq").first()
        assert event
        return {
            "queue": box.queue_id,
            "address": box.pk,
            "run": CheckRun.objects.filter(purpose="check", subject_id=box.pk).values_list("pk", flat=True)[0],
            "trial": trial_begin(actor=ACTOR, row=box, secrets={}).pk,
            "alarm": alarm.pk,
            "notice": alarm.notices.create(event="opened", channel="mail", state="failed").pk,
            "acknowledgement": acknowledgement.pk,
            "finding": finding.pk,
            "job": begun("queues", "change-priority", box.queue, by="superuser", priority="7").pk,
            "event": event.seq,
        }


def texts(answer: Any) -> str:
    """Return all that an answer says, out of archives too."""
    body: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return f"{body.decode(errors='replace')} {answer.get('Location', '')}".lower()
