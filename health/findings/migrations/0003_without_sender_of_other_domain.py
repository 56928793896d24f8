"""Drop the findings of the rule that went when Sender became a tick box, or on the way back of the one that came."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('findings', '0002_lists'),
    ]

    operations = [
        migrations.RunSQL(
            "DELETE FROM findings_finding WHERE rule = 'address_sender_of_other_domain'",
            "DELETE FROM findings_finding WHERE rule = 'address_earlier_sender'",
        ),
    ]
