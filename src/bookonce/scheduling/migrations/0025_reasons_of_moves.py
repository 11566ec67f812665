"""Why a booking was moved: beside its event, which holds ids only."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0024_drop_answers_in_bookings'),
    ]

    operations = [
        migrations.CreateModel(
            name='MoveReason',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='move_reason', serialize=False, to='scheduling.event')),
                ('text', models.TextField(max_length=500)),
            ],
        ),
    ]
