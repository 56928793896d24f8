"""The indexes of the Audit Log's search. Building them on a large table may take longer than a page ever may."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_append_only'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        TrigramExtension(),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(django.db.models.functions.text.Upper('actor_name'), models.OrderBy(models.F('seq'), descending=True), name='audit_by_name'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['kind', '-seq'], name='audit_by_kind'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['action', '-seq'], name='audit_by_action'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['request_id', '-seq'], name='audit_by_request'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=django.contrib.postgres.indexes.GinIndex(fields=['after'], gin_pending_list_limit=256, name='audit_by_value'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.text.Concat('actor_name', models.Value(' ', output_field=models.TextField()), 'object_name', models.Value(' ', output_field=models.TextField()), django.db.models.functions.comparison.Cast('before', models.TextField()), models.Value(' ', output_field=models.TextField()), django.db.models.functions.comparison.Cast('after', models.TextField()))), name='gin_trgm_ops'), gin_pending_list_limit=256, name='audit_by_text'),
        ),
    ]
