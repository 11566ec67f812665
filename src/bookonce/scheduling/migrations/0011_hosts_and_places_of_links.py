"""The host, the place and the most places that a link may name."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_invitation'),
        ('scheduling', '0010_link_batches'),
    ]

    operations = [
        migrations.AddField(
            model_name='onetimelink',
            name='host',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links_to_meet', to='accounts.member'),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='location',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='location_kind',
            field=models.CharField(blank=True, choices=[('none', 'None'), ('place', 'Place'), ('phone', 'Phone'), ('video', 'Video'), ('ask', 'Ask')], max_length=8),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='most_places',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
    ]
