"""Drop the table of dismissed warnings, whose rows are acknowledgements now."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('alarms', '0001_initial'),
        ('health', '0002_copy_acknowledgements'),
    ]

    operations = [
        migrations.DeleteModel(
            name='Dismissal',
        ),
    ]
