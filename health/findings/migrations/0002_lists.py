"""Indexes by which the lists are sorted and searched. On a large table they may take longer than a page ever may."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('console', '0001_initial'),
        ('findings', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(condition=models.Q(('acknowledged_at__isnull', True)), fields=['name', 'rank', 'id'], name='finding_by_name'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(condition=models.Q(('acknowledged_at__isnull', True)), fields=['found_at', 'id'], name='finding_by_age'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('name', models.TextField())), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('detail', models.TextField())), name='gin_trgm_ops'), name='finding_by_substring'),
        ),
    ]
