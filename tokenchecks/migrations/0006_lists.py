"""Indexes by which the lists are sorted and searched. On a large table they may take longer than a page ever may."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('console', '0001_initial'),
        ('tokenchecks', '0005_scope'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.RemoveIndex(
            model_name='checkrun',
            name='run_by_time',
        ),
        migrations.AddIndex(
            model_name='checkresult',
            index=models.Index(condition=models.Q(('cause', ''), _negated=True), fields=['cause'], name='result_by_cause'),
        ),
        migrations.AddIndex(
            model_name='checkresult',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('code', models.TextField())), name='gin_trgm_ops'), condition=models.Q(('code', ''), _negated=True), name='result_by_code'),
        ),
        migrations.AddIndex(
            model_name='checkrun',
            index=models.Index(fields=['-requested_at', '-id'], name='run_by_time'),
        ),
        migrations.AddIndex(
            model_name='checkrun',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('subject_name', models.TextField())), name='gin_trgm_ops'), name='run_by_substring'),
        ),
        migrations.AddIndex(
            model_name='watch',
            index=models.Index(fields=['name', 'id'], name='watch_by_name'),
        ),
        migrations.AddIndex(
            model_name='watch',
            index=models.Index(condition=models.Q(('cause', ''), _negated=True), fields=['cause', 'rank', '-since', 'id'], name='watch_by_cause'),
        ),
        migrations.AddIndex(
            model_name='watch',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('name', models.TextField())), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.comparison.Cast('code', models.TextField())), name='gin_trgm_ops'), name='watch_by_substring'),
        ),
    ]
