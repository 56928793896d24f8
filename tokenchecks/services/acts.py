"""Acts that a person requests besides checks: none of them makes history."""

import uuid
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action
from configurator.audit.services import record
from configurator.db.locks import advisory_lock
from configurator.jobs.doorbell import notify_on_commit
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.rotation.services import NO_NEXT, after_switch
from mailsettings.rotation.slots import Server
from queues.models import QueueAddress
from tokenchecks.models import CheckRun, Kind, Purpose, RunInput, State
from tokenchecks.services.trial import right_to_save
from tokenchecks.subjects.stored_rows import name_of, require_subjects
from tokenchecks.subjects.targets import Checkable, client_id_of, credential_of

AT_ONCE = 50  # dry runs
ONE_AT_A_TIME = "A test mail from here is still on its way: wait until it has ended, then send another."


@transaction.atomic
def dry_run(*, actor: Actor, moves: Sequence[tuple[QueueAddress, IncomingServer]]) -> list[CheckRun]:
    """Queue a check of each address as if it were read through the given server; nothing is changed.

    Replaces a dry run of the address that still waits. Raises PermissionDenied without the right to check each of them.
    """
    require_subjects(actor, "token_check.run", Kind.ADDRESS, *(address.pk for address, _ in moves))
    advisory_lock("dry runs")
    waiting = CheckRun.objects.filter(kind=Kind.ADDRESS, purpose=Purpose.DRY_RUN, state=State.QUEUED)
    waiting.filter(subject_id__in=[address.pk for address, _ in moves]).update(
        state=State.DONE, finished_at=Now(), lease_until=None
    )
    runs = [_run_of(Purpose.DRY_RUN, address, server, actor) for address, server in moves[:AT_ONCE]]
    CheckRun.objects.bulk_create(runs)
    RunInput.objects.bulk_create(
        RunInput(run=run, values={"server": str(server.pk)}) for run, (_, server) in zip(runs, moves, strict=False)
    )
    notify_on_commit(*runs)
    return runs


def _run_of(purpose: Purpose, row: Checkable, signs_in_as: Checkable, actor: Actor) -> CheckRun:
    """Return a new run about the row, with the credential of ``signs_in_as``."""
    return CheckRun(
        kind=Kind(row.audit_kind),
        purpose=purpose,
        subject_id=row.pk,
        subject_name=name_of(row),
        credential=credential_of(signs_in_as),
        client_id=client_id_of(signs_in_as),
        requested_by=actor.name,
    )


@transaction.atomic
def next_secret_try(*, actor: Actor, server: Server) -> CheckRun:
    """Queue a test of the server's next secret; a test that passes is written on the server.

    Raises ValidationError where it has none, PermissionDenied without the right.
    """
    actor.require(f"{server.audit_kind}.modify")
    if not server.next.sealed:
        raise ValidationError(NO_NEXT)
    advisory_lock(f"next secret of {server.pk}")
    waiting = CheckRun.objects.filter(subject_id=server.pk, purpose=Purpose.NEXT_SECRET, state=State.QUEUED)
    if run := waiting.filter(kind=server.audit_kind).first():
        return run
    run = _run_of(Purpose.NEXT_SECRET, server, after_switch(server), actor)
    run.save()
    RunInput.objects.create(run=run, values={"sealed": str(server.next.sealed.pk)})
    notify_on_commit(run)
    return run


@transaction.atomic
def send_test_mail(
    *, actor: Actor, row: QueueAddress | OutgoingServer, sender: str, recipient: str, key: uuid.UUID
) -> CheckRun:
    """Queue one mail from the sender, with the row's own sign-in, and record it in the audit log.

    ``key`` makes it one mail: a second call with the same key returns the same run.
    """
    require_subjects(actor, right_to_save(row), row.audit_kind, row.pk)
    advisory_lock(f"test mail {key}")
    if run := CheckRun.objects.filter(pk=key, purpose=Purpose.TEST_MAIL, requested_by=actor.name).first():
        return run
    run = _run_of(Purpose.TEST_MAIL, row, row, actor)
    if not CheckRun.objects.filter(pk=key).exists():
        run.pk = key
    under_way = CheckRun.objects.filter(state__in=[State.QUEUED, State.RUNNING], purpose=Purpose.TEST_MAIL)
    if under_way.filter(kind=run.kind, subject_id=row.pk).exists():
        raise ValidationError(ONE_AT_A_TIME)
    run.save(force_insert=True)
    RunInput.objects.create(run=run, values={"sender": sender, "recipient": recipient})
    notify_on_commit(run)
    record(
        actor=actor,
        action=Action.TEST_MAIL,
        kind=run.kind,
        object_id=row.pk,
        object_name=run.subject_name,
        after={"from": sender, "to": recipient},
    )
    return run
