"""Bookings that wait until a host confirms or declines them, and expire when nobody does."""

from django.db import migrations, models

import bookonce.lib.instants
from bookonce.scheduling import guards


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_invitation'),
        ('scheduling', '0012_email_lock_of_links'),
    ]

    operations = [
        migrations.RunPython(guards.drop_triggers, guards.drop_triggers),
        migrations.AddField(
            model_name='booking',
            name='answer_by',
            field=bookonce.lib.instants.SecondsField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='calendar',
            name='answer_within',
            field=models.PositiveIntegerField(default=1440),
        ),
        migrations.AddField(
            model_name='calendar',
            name='needs_approval',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='no_slots_told_at',
            field=bookonce.lib.instants.SecondsField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='booking',
            name='cancel_cause',
            field=models.CharField(blank=True, choices=[('guest', 'Guest'), ('host', 'Host'), ('declined', 'Declined'), ('expired', 'Expired')], max_length=8),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('link.created', 'Link Created'), ('links.issued', 'Links Issued'), ('link.revoked', 'Link Revoked'), ('links.revoked', 'Links Revoked'), ('link.reopened', 'Link Reopened'), ('link.requested', 'Link Requested'), ('link.request_answered', 'Link Request Answered'), ('link.no_slots', 'Link No Slots'), ('link.code_asked', 'Link Code Asked'), ('link.renewed', 'Link Renewed'), ('booking.created', 'Booking Created'), ('booking.cancelled', 'Booking Cancelled'), ('booking.confirmed', 'Booking Confirmed'), ('booking.rescheduled', 'Booking Rescheduled'), ('booking.marked', 'Booking Marked')], max_length=32),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('answer_by__isnull', False)), fields=['answer_by'], name='booking_waits_for_answer'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer_by__isnull', False), ('status', 'new')), models.Q(models.Q(('status', 'new'), _negated=True), ('answer_by__isnull', True)), _connector='OR'), name='booking_answer_by'),
        ),
        migrations.AddConstraint(
            model_name='calendar',
            constraint=models.CheckConstraint(condition=models.Q(('answer_within__gte', 1)), name='calendar_answer_within'),
        ),
        migrations.RunPython(guards.drop_triggers, guards.drop_triggers),
    ]
