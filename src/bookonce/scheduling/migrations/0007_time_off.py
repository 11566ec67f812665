"""Time off, journeys and public holidays of a host."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0006_nights'),
    ]

    operations = [
        migrations.CreateModel(
            name='HolidayRegion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(max_length=2)),
                ('subdivision', models.CharField(blank=True, max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name='Journey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=24, unique=True)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('timezone', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ['first_day', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TimeOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=24, unique=True)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('note', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'ordering': ['first_day', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='holidayregion',
            name='member',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='holiday_region', to='accounts.member'),
        ),
        migrations.AddField(
            model_name='journey',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='journeys', to='accounts.member'),
        ),
        migrations.AddField(
            model_name='timeoff',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='times_off', to='accounts.member'),
        ),
        migrations.AddIndex(
            model_name='journey',
            index=models.Index(fields=['member', 'last_day'], name='journey_by_member'),
        ),
        migrations.AddConstraint(
            model_name='journey',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='journey_order'),
        ),
        migrations.AddIndex(
            model_name='timeoff',
            index=models.Index(fields=['member', 'last_day'], name='time_off_by_member'),
        ),
        migrations.AddConstraint(
            model_name='timeoff',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='time_off_order'),
        ),
    ]
