"""Groups of calendars, the readable addresses that both share, and links that lead to a group."""

import bookonce.lib.instants
import django.db.models.deletion
from django.db import migrations, models

ONE_TARGET = models.Q(models.Q(('calendar', None), ('group__isnull', False)), models.Q(('calendar__isnull', False), ('group', None)), _connector='OR')
KEEP_SLUGS = """INSERT INTO scheduling_slug (workspace_id, slug, calendar_id)
  SELECT workspace_id, slug, id FROM scheduling_calendar"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_invitation'),
        ('scheduling', '0016_codes_and_counts_of_tries'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=24, unique=True)),
                ('permanent_id', models.CharField(max_length=24, unique=True)),
                ('slug', models.SlugField(max_length=48)),
                ('name', models.CharField(max_length=120)),
                ('description', models.TextField(blank=True, max_length=2000)),
                ('one_time_only', models.BooleanField(default=False)),
                ('contact_text', models.TextField(blank=True, max_length=500)),
                ('created_at', bookonce.lib.instants.SecondsField()),
                ('paused_at', bookonce.lib.instants.SecondsField(blank=True, null=True)),
                ('deleted_at', bookonce.lib.instants.SecondsField(blank=True, null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calendar_groups', to='accounts.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'slug'), name='calendar_group_slug_unique')],
            },
        ),
        migrations.CreateModel(
            name='GroupCalendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='group_calendars', to='scheduling.calendar')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='group_calendars', to='scheduling.calendargroup')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('group', 'calendar'), name='group_calendar_once')],
            },
        ),
        migrations.AlterField(
            model_name='linkbatch',
            name='calendar',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='link_batches', to='scheduling.calendar'),
        ),
        migrations.AlterField(
            model_name='linkupload',
            name='calendar',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='link_uploads', to='scheduling.calendar'),
        ),
        migrations.AlterField(
            model_name='onetimelink',
            name='calendar',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='scheduling.calendar'),
        ),
        migrations.AddField(
            model_name='linkbatch',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='link_batches', to='scheduling.calendargroup'),
        ),
        migrations.AddField(
            model_name='linkupload',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='link_uploads', to='scheduling.calendargroup'),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='scheduling.calendargroup'),
        ),
        migrations.AddConstraint(
            model_name='linkbatch',
            constraint=models.CheckConstraint(condition=ONE_TARGET, name='link_batch_to_one_target'),
        ),
        migrations.AddConstraint(
            model_name='linkupload',
            constraint=models.CheckConstraint(condition=ONE_TARGET, name='link_upload_to_one_target'),
        ),
        migrations.AddConstraint(
            model_name='onetimelink',
            constraint=models.CheckConstraint(condition=ONE_TARGET, name='link_to_one_target'),
        ),
        migrations.CreateModel(
            name='Slug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=48)),
                ('calendar', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='kept_slug', to='scheduling.calendar')),
                ('group', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='kept_slug', to='scheduling.calendargroup')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slugs', to='accounts.workspace')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('workspace', 'slug'), name='slug_unique'),
                    models.CheckConstraint(condition=ONE_TARGET, name='slug_of_one'),
                ],
            },
        ),
        # Last: PostgreSQL alters no table that has pending checks of foreign keys.
        migrations.RunSQL(KEEP_SLUGS, migrations.RunSQL.noop),
    ]
