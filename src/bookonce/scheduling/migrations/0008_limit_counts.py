"""How many appointments a day, a week or a month has taken."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0007_time_off'),
    ]

    operations = [
        migrations.CreateModel(
            name='LimitCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(max_length=5)),
                ('first_day', models.IntegerField()),
                ('taken', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='limitcount',
            name='calendar',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='limit_counts', to='scheduling.calendar'),
        ),
        migrations.AddConstraint(
            model_name='limitcount',
            constraint=models.UniqueConstraint(fields=('calendar', 'unit', 'first_day'), name='limit_count_once'),
        ),
        migrations.AddConstraint(
            model_name='limitcount',
            constraint=models.CheckConstraint(condition=models.Q(('unit__in', ['day', 'week', 'month'])), name='limit_count_unit'),
        ),
    ]
