"""Kinds of calendars, and the rules of which starts they offer."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0003_bookings_end_by_themselves'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='calendar',
            name='calendar_kind_known',
        ),
        migrations.AddField(
            model_name='calendar',
            name='distribution',
            field=models.CharField(choices=[('availability', 'Availability'), ('equal', 'Equal')], default='availability', max_length=12),
        ),
        migrations.AddField(
            model_name='calendar',
            name='first_day',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='calendar',
            name='horizon_working_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='calendar',
            name='keeps_host',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='calendar',
            name='last_day',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='calendar',
            name='look_busy',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='calendar',
            name='one_per_email',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='calendar',
            name='per_day',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='calendar',
            name='per_month',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='calendar',
            name='per_week',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='calendar',
            name='seats',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='calendar',
            name='shows_seats_left',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='calendar',
            name='kind',
            field=models.CharField(choices=[('one_on_one', 'One On One'), ('round_robin', 'Round Robin'), ('collective', 'Collective'), ('class', 'Class')], default='one_on_one', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='calendar',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'class'), ('seats__range', (1, 9999))), models.Q(('kind__in', ['one_on_one', 'round_robin', 'collective']), ('seats', None)), _connector='OR'), name='calendar_kind_with_seats'),
        ),
        migrations.AddConstraint(
            model_name='calendar',
            constraint=models.CheckConstraint(condition=models.Q(('distribution__in', ['availability', 'equal'])), name='calendar_distribution_known'),
        ),
        migrations.AddConstraint(
            model_name='calendar',
            constraint=models.CheckConstraint(condition=models.Q(('horizon_days', None), ('horizon_working_days', None), _connector='OR'), name='calendar_one_horizon'),
        ),
        migrations.AddConstraint(
            model_name='calendar',
            constraint=models.CheckConstraint(condition=models.Q(('first_day', None), ('last_day', None), ('first_day__lte', models.F('last_day')), _connector='OR'), name='calendar_date_range'),
        ),
        migrations.AddConstraint(
            model_name='calendar',
            constraint=models.CheckConstraint(condition=models.Q(('look_busy__lte', 100)), name='calendar_look_busy'),
        ),
    ]
