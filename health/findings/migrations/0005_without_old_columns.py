"""Drop the columns that acknowledgements had. On a large table the indexes may take longer than a page ever may."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('findings', '0004_acknowledgement'),
        ('health', '0002_copy_acknowledgements'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='finding',
            name='finding_acknowledged_by_whom_and_why',
        ),
        migrations.RemoveIndex(
            model_name='finding',
            name='finding_worst_first',
        ),
        migrations.RemoveIndex(
            model_name='finding',
            name='finding_by_name',
        ),
        migrations.RemoveIndex(
            model_name='finding',
            name='finding_by_age',
        ),
        migrations.RemoveField(
            model_name='finding',
            name='acknowledged_at',
        ),
        migrations.RemoveField(
            model_name='finding',
            name='acknowledged_by',
        ),
        migrations.RemoveField(
            model_name='finding',
            name='reason',
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(condition=models.Q(('acknowledgement__isnull', True)), fields=['rank', 'rule', 'name', 'id'], name='finding_worst_first'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(condition=models.Q(('acknowledgement__isnull', True)), fields=['name', 'rank', 'id'], name='finding_by_name'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(condition=models.Q(('acknowledgement__isnull', True)), fields=['found_at', 'id'], name='finding_by_age'),
        ),
    ]
