from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('imports', '0005_changes_by_column'),
    ]

    operations = [
        migrations.AddField(
            model_name='import',
            name='remarks',
            field=models.JSONField(default=list),
        ),
    ]
