"""Links that only their recipient's e-mail address can book."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_invitation'),
        ('scheduling', '0011_hosts_and_places_of_links'),
    ]

    operations = [
        migrations.AddField(
            model_name='onetimelink',
            name='email_lock',
            field=models.CharField(choices=[('off', 'Off'), ('match', 'Match')], default='off', max_length=8),
        ),
        migrations.AddConstraint(
            model_name='onetimelink',
            constraint=models.CheckConstraint(condition=models.Q(('email_lock', 'off'), models.Q(('email_lock', 'match'), models.Q(('recipient_email', ''), _negated=True)), _connector='OR'), name='link_lock_has_address'),
        ),
    ]
