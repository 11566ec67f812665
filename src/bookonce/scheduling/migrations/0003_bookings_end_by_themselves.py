"""A booking ends by itself: in a class one party cancels, and the others stay."""

import bookonce.lib.instants
from django.db import migrations, models


TO_BOOKINGS = """UPDATE scheduling_booking SET
    sequence = (SELECT a.sequence FROM scheduling_appointment a WHERE a.id = appointment_id),
    cancelled_at = (SELECT a.cancelled_at FROM scheduling_appointment a WHERE a.id = appointment_id),
    cancel_cause = (SELECT a.cancel_cause FROM scheduling_appointment a WHERE a.id = appointment_id),
    cancel_reason = (SELECT a.cancel_reason FROM scheduling_appointment a WHERE a.id = appointment_id)"""
TO_APPOINTMENTS = """UPDATE scheduling_appointment SET
    sequence = coalesce((SELECT max(b.sequence) FROM scheduling_booking b
        WHERE b.appointment_id = scheduling_appointment.id), 0),
    cancel_cause = coalesce((SELECT max(b.cancel_cause) FROM scheduling_booking b
        WHERE b.appointment_id = scheduling_appointment.id), ''),
    cancel_reason = coalesce((SELECT max(b.cancel_reason) FROM scheduling_booking b
        WHERE b.appointment_id = scheduling_appointment.id), '')"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_week_start'),
        ('scheduling', '0002_guards'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointment',
            name='seats_taken',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='booking',
            name='cancel_cause',
            field=models.CharField(blank=True, choices=[('guest', 'Guest'), ('host', 'Host'), ('declined', 'Declined')], max_length=8),
        ),
        migrations.AddField(
            model_name='booking',
            name='cancel_reason',
            field=models.TextField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='booking',
            name='cancelled_at',
            field=bookonce.lib.instants.SecondsField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='booking',
            name='party',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='booking',
            name='sequence',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunSQL(
            sql=TO_BOOKINGS,
            reverse_sql=TO_APPOINTMENTS,
        ),
        migrations.RemoveField(
            model_name='appointment',
            name='cancel_cause',
        ),
        migrations.RemoveField(
            model_name='appointment',
            name='cancel_reason',
        ),
        migrations.RemoveField(
            model_name='appointment',
            name='sequence',
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(condition=models.Q(('seats_taken__isnull', False), models.Q(('status', 'cancelled'), _negated=True)), fields=('calendar', 'starts'), name='class_session_once'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('party__gte', 1)), name='booking_party'),
        ),
    ]
