"""Many links made in one go: the batch they belong to, and the rows that wait for it."""

import bookonce.lib.instants
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_invitation'),
        ('scheduling', '0009_rules_of_change'),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('link.created', 'Link Created'), ('links.issued', 'Links Issued'), ('link.revoked', 'Link Revoked'), ('links.revoked', 'Links Revoked'), ('link.reopened', 'Link Reopened'), ('link.requested', 'Link Requested'), ('link.request_answered', 'Link Request Answered'), ('booking.created', 'Booking Created'), ('booking.cancelled', 'Booking Cancelled'), ('booking.rescheduled', 'Booking Rescheduled')], max_length=32),
        ),
        migrations.CreateModel(
            name='LinkBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=24, unique=True)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('wanted', models.PositiveIntegerField()),
                ('made', models.PositiveIntegerField(default=0)),
                ('attempt', models.PositiveIntegerField(default=0)),
                ('columns', models.JSONField(blank=True, default=list)),
                ('created_at', bookonce.lib.instants.SecondsField()),
                ('created_via', models.CharField(max_length=8)),
                ('touched_at', bookonce.lib.instants.SecondsField(blank=True, null=True)),
                ('activated_at', bookonce.lib.instants.SecondsField(blank=True, null=True)),
                ('failed_at', bookonce.lib.instants.SecondsField(blank=True, null=True)),
                ('failure', models.CharField(blank=True, max_length=32)),
                ('purged_at', bookonce.lib.instants.SecondsField(blank=True, null=True)),
                ('revoked_at', bookonce.lib.instants.SecondsField(blank=True, null=True)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='link_batches', to='scheduling.calendar')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='link_batches_made', to='accounts.member')),
                ('known', models.ManyToManyField(related_name='asked_again_in', to='scheduling.onetimelink')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='link_batches_revoked', to='accounts.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='link_batches', to='accounts.workspace')),
            ],
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='batch',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='scheduling.linkbatch'),
        ),
        migrations.CreateModel(
            name='LinkUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=24, unique=True)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('sealed_rows', models.TextField()),
                ('rows', models.PositiveIntegerField()),
                ('created_at', bookonce.lib.instants.SecondsField()),
                ('batch', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='upload', to='scheduling.linkbatch')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='link_uploads', to='scheduling.calendar')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='link_uploads', to='accounts.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='link_uploads', to='accounts.workspace')),
            ],
        ),
        migrations.AddIndex(
            model_name='linkbatch',
            index=models.Index(fields=['workspace', '-id'], name='link_batch_by_workspace'),
        ),
        migrations.AddIndex(
            model_name='linkbatch',
            index=models.Index(condition=models.Q(('activated_at', None), ('purged_at', None)), fields=['created_at'], name='link_batch_unfinished'),
        ),
        migrations.AddConstraint(
            model_name='linkbatch',
            constraint=models.CheckConstraint(condition=models.Q(('activated_at', None), ('failed_at', None), _connector='OR'), name='link_batch_active_or_failed'),
        ),
    ]
