"""What guests may change about their bookings, said by calendars and links."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0008_limit_counts'),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='moves',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='calendar',
            name='cancel_cutoff',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='calendar',
            name='guests_may_cancel',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='calendar',
            name='guests_may_reschedule',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='calendar',
            name='most_reschedules',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='calendar',
            name='reopens_on_cancel',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='calendar',
            name='reschedule_cutoff',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='cancel_cutoff',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='guests_may_cancel',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='guests_may_reschedule',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='most_reschedules',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='reopens_on_cancel',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='reschedule_cutoff',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
