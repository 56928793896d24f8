"""Give findings the column of their acknowledgement; its values are copied before the old columns go."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('findings', '0003_without_sender_of_other_domain'),
        ('health', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='finding',
            name='acknowledgement',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, to='health.acknowledgement'),
        ),
    ]
