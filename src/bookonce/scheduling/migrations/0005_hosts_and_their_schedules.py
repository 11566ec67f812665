"""Several hosts, each with hours of their own."""

import django.db.models.deletion
from django.db import migrations, models


EACH_HOST_ITS_SCHEDULE = """INSERT INTO scheduling_hostschedule (calendar_host_id, schedule_id, position)
    SELECT h.id, c.schedule_id, 0 FROM scheduling_calendarhost h
    JOIN scheduling_calendar c ON c.id = h.calendar_id"""


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0004_kinds_and_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='HostSchedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.AlterModelOptions(
            name='calendarhost',
            options={'ordering': ['position', 'pk']},
        ),
        migrations.AddField(
            model_name='calendarhost',
            name='last_turn',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='calendarhost',
            name='position',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='calendarhost',
            name='priority',
            field=models.SmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='calendarhost',
            name='turns',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='calendarhost',
            name='weight',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name='calendarhost',
            constraint=models.CheckConstraint(condition=models.Q(('weight__range', (1, 100))), name='calendar_host_weight'),
        ),
        migrations.AddField(
            model_name='hostschedule',
            name='calendar_host',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='host_schedules', to='scheduling.calendarhost'),
        ),
        migrations.AddField(
            model_name='hostschedule',
            name='schedule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='host_schedules', to='scheduling.schedule'),
        ),
        migrations.AddConstraint(
            model_name='hostschedule',
            constraint=models.UniqueConstraint(fields=('calendar_host', 'schedule'), name='host_schedule_once'),
        ),
        migrations.RunSQL(
            sql=EACH_HOST_ITS_SCHEDULE,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
