"""Codes by mail for locked links, and how often something was tried."""

import django.db.models.deletion
from django.db import migrations, models

import bookonce.lib.instants


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_invitation'),
        ('scheduling', '0015_series'),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('sealed_code', models.TextField(blank=True, null=True)),
                ('created_at', bookonce.lib.instants.SecondsField()),
                ('expires_at', bookonce.lib.instants.SecondsField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('used_at', bookonce.lib.instants.SecondsField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='RateCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bucket', models.CharField(max_length=64)),
                ('window_start', bookonce.lib.instants.SecondsField()),
                ('count', models.PositiveIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='onetimelink',
            name='link_lock_has_address',
        ),
        migrations.AlterField(
            model_name='onetimelink',
            name='email_lock',
            field=models.CharField(choices=[('off', 'Off'), ('match', 'Match'), ('code', 'Code')], default='off', max_length=8),
        ),
        migrations.AddConstraint(
            model_name='onetimelink',
            constraint=models.CheckConstraint(condition=models.Q(('email_lock', 'off'), models.Q(('email_lock__in', ['match', 'code']), models.Q(('recipient_email', ''), _negated=True)), _connector='OR'), name='link_lock_has_address'),
        ),
        migrations.AddField(
            model_name='linkcode',
            name='link',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='scheduling.onetimelink'),
        ),
        migrations.AddIndex(
            model_name='ratecount',
            index=models.Index(fields=['window_start'], name='rate_count_by_age'),
        ),
        migrations.AddConstraint(
            model_name='ratecount',
            constraint=models.UniqueConstraint(fields=('bucket', 'window_start'), name='rate_count_once'),
        ),
        migrations.AddIndex(
            model_name='linkcode',
            index=models.Index(fields=['link', '-id'], name='link_code_by_link'),
        ),
    ]
