"""Sender becomes a tick box, as it is in SC.

Any text means ticked. One that named another address than the account is kept as ``earlier_sender``, until its finding
is acknowledged. Each address that changes has its event in the audit log, there and back.
"""

from datetime import UTC

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models

from configurator.audit.chain import BEGINNING, HASHED, Head, digest
from configurator.audit.services import LOCK
from queues.validators import canonical_address

TOGETHER = 500


def tick(apps, schema_editor):
    """Tick each address that had a text, and keep the text where it named another address than the account."""
    for rows in in_parts(apps.get_model("queues", "QueueAddress").objects.exclude(earlier_sender="")):
        before = [{"sender": row.earlier_sender, "earlier_sender": ""} for row in rows]
        for row in rows:
            same = canonical_address(row.earlier_sender) == canonical_address(row.account)
            row.sender, row.earlier_sender = True, "" if same else row.earlier_sender
        write(apps, schema_editor, rows, before, [values_of(row) for row in rows])


def untick(apps, schema_editor):
    """Give each ticked address the text that was kept, or its account."""
    kept = models.Q(sender=True) | ~models.Q(earlier_sender="")
    for rows in in_parts(apps.get_model("queues", "QueueAddress").objects.filter(kept)):
        before = [values_of(row) for row in rows]
        for row in rows:
            row.earlier_sender = (row.earlier_sender or row.account) if row.sender else ""
        write(apps, schema_editor, rows, before, [{"sender": row.earlier_sender, "earlier_sender": ""} for row in rows])


def values_of(row):
    """Return what the audit log keeps of the two columns."""
    return {"sender": row.sender, "earlier_sender": row.earlier_sender}


def in_parts(rows):
    """Yield the rows some hundred at a time, in the order of their keys."""
    last = None
    while some := list((rows.filter(pk__gt=last) if last else rows).select_related("queue").order_by("pk")[:TOGETHER]):
        yield some
        last = some[-1].pk


def write(apps, schema_editor, rows, before, after):
    """Store the rows, and add an event of each to the chain."""
    model, events = apps.get_model("audit", "AuditEvent"), []
    type(rows[0]).objects.bulk_update(rows, ["sender", "earlier_sender"])
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SELECT clock_timestamp()")
        at = cursor.fetchone()[0].astimezone(UTC)
    last = Head(*(model.objects.order_by("-seq").values_list("seq", "hash").first() or BEGINNING))
    for row, then, now in zip(rows, before, after, strict=True):
        changed = [name for name in then if then[name] != now[name]]
        event = model(
            seq=last.seq + 1,
            at=at,
            actor_id="",
            actor_name="upgrade",
            action="changed",
            kind="address",
            object_id=str(row.pk),
            object_name=f"{row.address} ({row.queue.name})",
            before={name: then[name] for name in changed},
            after={name: now[name] for name in changed},
            request_id="",
            previous_hash=last.hash,
        )
        event.hash = digest({name: getattr(event, name) for name in HASHED})
        last = Head(event.seq, event.hash)
        events.append(event)
    model.objects.bulk_create(events)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0007_text_of_values'),
        ('queues', '0006_queue_groups'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", "SET LOCAL statement_timeout = 0"),
        migrations.RemoveIndex(
            model_name='queueaddress',
            name='address_by_substring',
        ),
        migrations.RemoveConstraint(
            model_name='queueaddress',
            name='address_sender_is_full',
        ),
        migrations.RenameField(
            model_name='queueaddress',
            old_name='sender',
            new_name='earlier_sender',
        ),
        migrations.AlterField(
            model_name='queueaddress',
            name='earlier_sender',
            field=models.CharField(blank=True, editable=False, max_length=320, verbose_name='Earlier Sender'),
        ),
        migrations.AddField(
            model_name='queueaddress',
            name='sender',
            field=models.BooleanField(default=False, verbose_name='Sender'),
        ),
        migrations.AddIndex(
            model_name='queueaddress',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('address', models.TextField())), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('account', models.TextField())), name='gin_trgm_ops'), name='address_by_substring'),
        ),
        migrations.RunPython(tick, untick),
    ]
