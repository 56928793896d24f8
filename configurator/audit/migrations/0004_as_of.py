"""The indexes by which the addresses of a queue or server are found as they were."""

import django.db.models.fields.json
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_searched'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(django.db.models.fields.json.KeyTextTransform('id', django.db.models.fields.json.KeyTextTransform('queue', 'after')), condition=models.Q(('kind', 'address')), name='audit_by_queue'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(django.db.models.fields.json.KeyTextTransform('id', django.db.models.fields.json.KeyTextTransform('server', 'after')), condition=models.Q(('kind', 'address')), name='audit_by_server'),
        ),
    ]
