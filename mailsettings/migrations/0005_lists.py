"""Indexes by which the lists are sorted and searched. On a large table they may take longer than a page ever may."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('console', '0001_initial'),
        ('mailsettings', '0004_by_end'),
        ('vault', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='incomingserver',
            index=models.Index(fields=['secret_expires_on', 'id'], name='incoming_by_expiry'),
        ),
        migrations.AddIndex(
            model_name='incomingserver',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('name', models.TextField())), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('login_host', models.TextField())), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('tenant_id', models.TextField())), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('client_id', models.TextField())), name='gin_trgm_ops'), name='incoming_by_substring'),
        ),
    ]
