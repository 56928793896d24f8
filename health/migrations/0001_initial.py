"""The table of acknowledgements, which takes the place of dismissals and of three columns of findings."""

import datetime
import django.db.models.expressions
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('subject_id', models.UUIDField()),
                ('name', models.CharField(max_length=700)),
                ('rule', models.CharField(blank=True, max_length=40)),
                ('cause', models.CharField(blank=True, max_length=80)),
                ('band', models.SmallIntegerField(null=True)),
                ('status', models.CharField(max_length=10)),
                ('reason', models.CharField(max_length=500)),
                ('until', models.DateField(null=True)),
                ('acknowledged_by', models.CharField(max_length=150)),
                ('acknowledged_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ended_at', models.DateTimeField(null=True)),
                ('taken_back_by', models.CharField(blank=True, max_length=150)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('kind', 'subject_id', 'rule'), name='acknowledgement_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('rule', ''), _negated=True), ('status', 'warning'), _connector='OR'), name='acknowledgement_of_warning', violation_error_message='Only a warning can be dismissed: what is broken has to be mended.'), models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='acknowledgement_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('rule', ''), _negated=True), ('until__isnull', False), _connector='OR'), name='acknowledgement_of_warning_has_last_day'), models.CheckConstraint(condition=models.Q(('until__lte', models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('acknowledged_at'), '+', models.Value(datetime.timedelta(days=366))), output_field=models.DateTimeField()))), name='acknowledgement_within_a_year')],
            },
        ),
    ]
