"""What is kept of objects whose events were taken away, and one view of it before the events that remain."""

import django.db.models.fields.json
from django.db import migrations, models

COLUMNS = "seq, at, actor_id, actor_name, action, kind, object_id, object_name, before, after, request_id"
FORWARD = f"""
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_baseline
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE VIEW audit_state AS
  SELECT {COLUMNS} FROM audit_auditevent UNION ALL SELECT {COLUMNS} FROM audit_baseline;
"""
BACK = """
DROP VIEW audit_state;
DROP TRIGGER audit_append_only ON audit_baseline;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0004_as_of'),
    ]

    operations = [
        migrations.CreateModel(
            name='StateEvent',
            fields=[
                ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('actor_id', models.CharField(max_length=64)),
                ('actor_name', models.TextField()),
                ('action', models.CharField(max_length=32)),
                ('kind', models.CharField(max_length=32)),
                ('object_id', models.CharField(blank=True, max_length=64)),
                ('object_name', models.TextField(blank=True)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('request_id', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'db_table': 'audit_state',
                'managed': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Baseline',
            fields=[
                ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('actor_id', models.CharField(max_length=64)),
                ('actor_name', models.TextField()),
                ('action', models.CharField(max_length=32)),
                ('kind', models.CharField(max_length=32)),
                ('object_id', models.CharField(blank=True, max_length=64)),
                ('object_name', models.TextField(blank=True)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('request_id', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(django.db.models.fields.json.KeyTextTransform('id', django.db.models.fields.json.KeyTextTransform('queue', 'after')), condition=models.Q(('kind', 'address')), name='audit_baseline_by_queue'), models.Index(django.db.models.fields.json.KeyTextTransform('id', django.db.models.fields.json.KeyTextTransform('server', 'after')), condition=models.Q(('kind', 'address')), name='audit_baseline_by_server')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='audit_one_baseline')],
            },
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
