"""The index of what a search looks at: names and values, without the names of fields and the ids of relations."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_by_object_name'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.RemoveIndex(
            model_name='auditevent',
            name='audit_by_text',
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper(django.db.models.functions.text.Concat('actor_name', models.Value(' ', output_field=models.TextField()), 'object_name', django.db.models.functions.comparison.Cast(models.Func('before', function='jsonb_path_query_array', template='%(function)s(%(expressions)s, \'$.* ? (@.type() == "string" || @.type() == "number")\')'), models.TextField()), django.db.models.functions.comparison.Cast(models.Func('before', function='jsonb_path_query_array', template="%(function)s(%(expressions)s, '$.*.name')"), models.TextField()), django.db.models.functions.comparison.Cast(models.Func('after', function='jsonb_path_query_array', template='%(function)s(%(expressions)s, \'$.* ? (@.type() == "string" || @.type() == "number")\')'), models.TextField()), django.db.models.functions.comparison.Cast(models.Func('after', function='jsonb_path_query_array', template="%(function)s(%(expressions)s, '$.*.name')"), models.TextField()))), name='gin_trgm_ops'), gin_pending_list_limit=256, name='audit_by_text'),
        ),
    ]
