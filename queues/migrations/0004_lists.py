"""Indexes by which the lists are sorted and searched. On a large table they may take longer than a page ever may."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('console', '0001_initial'),
        ('mailsettings', '0005_lists'),
        ('queues', '0003_address_by_account'),
        ('vault', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.RemoveIndex(
            model_name='queueaddress',
            name='address_by_status',
        ),
        migrations.AddIndex(
            model_name='queue',
            index=models.Index(fields=['priority', 'name', 'id'], name='queue_by_priority'),
        ),
        migrations.AddIndex(
            model_name='queue',
            index=models.Index(fields=['language', 'name', 'id'], name='queue_by_language'),
        ),
        migrations.AddIndex(
            model_name='queue',
            index=models.Index(fields=['enabled', 'name', 'id'], name='queue_by_enabled'),
        ),
        migrations.AddIndex(
            model_name='queue',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('name', models.TextField())), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('description', models.TextField())), name='gin_trgm_ops'), name='queue_by_substring'),
        ),
        migrations.AddIndex(
            model_name='queueaddress',
            index=models.Index(fields=['status', '-status_since', 'id'], name='address_by_status'),
        ),
        migrations.AddIndex(
            model_name='queueaddress',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('address', models.TextField())), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('account', models.TextField())), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('sender', models.TextField())), name='gin_trgm_ops'), name='address_by_substring'),
        ),
    ]
