"""Appointments that are booked as a series: one use of a link is the whole of it."""

import django.db.models.deletion
from django.db import migrations, models

from bookonce.scheduling import guards


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_invitation'),
        ('scheduling', '0014_holds_and_picked_slots'),
    ]

    operations = [
        migrations.RunPython(guards.drop_triggers, guards.drop_triggers),
        migrations.AddField(
            model_name='booking',
            name='series',
            field=models.CharField(blank=True, max_length=24, null=True),
        ),
        migrations.AddField(
            model_name='booking',
            name='series_number',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='calendar',
            name='repeat_count',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='calendar',
            name='repeats',
            field=models.CharField(blank=True, choices=[('daily', 'Daily'), ('weekly', 'Weekly'), ('monthly', 'Monthly')], max_length=7),
        ),
        migrations.AlterField(
            model_name='booking',
            name='link_use',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='scheduling.linkuse'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('series__isnull', False)), fields=['series'], name='booking_by_series'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.UniqueConstraint(fields=('link_use', 'series_number'), name='booking_link_use_once'),
        ),
        migrations.AddConstraint(
            model_name='calendar',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('repeat_count', None), ('repeats', '')), models.Q(('repeat_count__range', (2, 24)), ('repeats__in', ['daily', 'weekly', 'monthly'])), _connector='OR'), name='calendar_repeats'),
        ),
        migrations.RunPython(guards.drop_triggers, guards.drop_triggers),
    ]
