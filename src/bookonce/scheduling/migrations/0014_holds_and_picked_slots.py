"""Time kept for visitors and links, and slots picked by hand for a link."""

import django.db.models.deletion
from django.db import migrations, models

import bookonce.lib.instants
import bookonce.scheduling.models.calendar
from bookonce.scheduling import guards


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_invitation'),
        ('scheduling', '0013_requests_that_wait_for_a_host'),
    ]

    operations = [
        migrations.RunPython(guards.drop_triggers, guards.drop_triggers),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_digest', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('visitor', models.CharField(blank=True, max_length=64)),
                ('starts', bookonce.lib.instants.MinutesField(blank=True, null=True)),
                ('ends', bookonce.lib.instants.MinutesField(blank=True, null=True)),
                ('party', models.PositiveSmallIntegerField(default=1)),
                ('created_at', bookonce.lib.instants.SecondsField()),
                ('expires_at', bookonce.lib.instants.SecondsField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='blockedtime',
            name='blocked_time_has_reason',
        ),
        migrations.AddField(
            model_name='calendar',
            name='hold_minutes',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='holds_slots',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='slots',
            field=bookonce.scheduling.models.calendar.StartsField(blank=True, default=()),
        ),
        migrations.AddConstraint(
            model_name='calendar',
            constraint=models.CheckConstraint(condition=models.Q(('hold_minutes__lte', 60)), name='calendar_hold_minutes'),
        ),
        migrations.AddConstraint(
            model_name='onetimelink',
            constraint=models.CheckConstraint(condition=models.Q(('holds_slots', False), models.Q(('slots', ''), _negated=True), _connector='OR'), name='link_holds_what_it_has'),
        ),
        migrations.AddField(
            model_name='hold',
            name='calendar',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='scheduling.calendar'),
        ),
        migrations.AddField(
            model_name='hold',
            name='link',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='scheduling.onetimelink'),
        ),
        migrations.AddField(
            model_name='blockedtime',
            name='hold',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='blocked_times', to='scheduling.hold'),
        ),
        migrations.AddIndex(
            model_name='blockedtime',
            index=models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['host', 'expires_at'], name='blocked_time_that_expires'),
        ),
        migrations.AddConstraint(
            model_name='blockedtime',
            constraint=models.CheckConstraint(condition=models.Q(('appointment__isnull', False), ('hold__isnull', False), ('expires_at__isnull', False), _connector='OR'), name='blocked_time_has_reason'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(fields=['calendar', 'starts'], name='hold_by_calendar'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(fields=['link', 'expires_at'], name='hold_by_link'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(fields=['visitor', 'expires_at'], name='hold_by_visitor'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('expires_at__isnull', False), ('party__gte', 1), ('starts__lt', models.F('ends')), ('token_digest__isnull', False)), models.Q(('ends__isnull', True), ('link__isnull', False), ('starts__isnull', True), ('token_digest__isnull', True)), _connector='OR'), name='hold_of_visitor_or_link'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.UniqueConstraint(condition=models.Q(('token_digest__isnull', True)), fields=('link',), name='hold_of_link_once'),
        ),
        migrations.RunPython(guards.drop_triggers, guards.drop_triggers),
    ]
