"""The index in whose order the whole configuration is listed as it was."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0005_retired'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(condition=models.Q(('action__in', ['created', 'changed', 'deleted', 'secret switched', 'secret rolled back', 'secret wiped'])), fields=['kind', 'object_name', 'seq'], name='audit_by_object_name'),
        ),
        migrations.AddIndex(
            model_name='baseline',
            index=models.Index(fields=['kind', 'object_name', 'seq'], name='audit_baseline_by_name'),
        ),
    ]
