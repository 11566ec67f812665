"""Indexes by which lists of links are read, for those of single columns; when links were opened, by whom."""

import bookonce.lib.instants
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_invitation'),
        ('scheduling', '0017_calendar_groups'),
    ]

    operations = [
        migrations.AddField(
            model_name='onetimelink',
            name='first_opened_at',
            field=bookonce.lib.instants.SecondsField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='onetimelink',
            name='last_opened_by_bots_at',
            field=bookonce.lib.instants.SecondsField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='onetimelink',
            name='batch',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='scheduling.linkbatch'),
        ),
        migrations.AlterField(
            model_name='onetimelink',
            name='calendar',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='scheduling.calendar'),
        ),
        migrations.AlterField(
            model_name='onetimelink',
            name='created_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links_made', to='accounts.member'),
        ),
        migrations.AlterField(
            model_name='onetimelink',
            name='group',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='scheduling.calendargroup'),
        ),
        migrations.AlterField(
            model_name='onetimelink',
            name='host',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links_to_meet', to='accounts.member'),
        ),
        migrations.AlterField(
            model_name='onetimelink',
            name='parent',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='scheduling.onetimelink'),
        ),
        migrations.AlterField(
            model_name='onetimelink',
            name='revoked_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links_revoked', to='accounts.member'),
        ),
        migrations.AlterField(
            model_name='onetimelink',
            name='workspace',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='accounts.workspace'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(fields=['workspace', 'created_at', 'id'], name='link_by_day'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(fields=['calendar', '-id'], name='link_by_calendar'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(fields=['group', '-id'], name='link_by_group'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(condition=models.Q(('created_by__isnull', False)), fields=['created_by', '-id'], name='link_by_maker'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch', '-id'], name='link_by_batch'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(condition=models.Q(('host__isnull', False)), fields=['host'], name='link_by_host'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(condition=models.Q(('parent__isnull', False)), fields=['parent'], name='link_by_parent'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(condition=models.Q(('revoked_by__isnull', False)), fields=['revoked_by'], name='link_by_revoker'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(fields=['workspace', 'label', '-id'], name='link_by_label'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(models.F('workspace'), django.db.models.functions.text.Lower('recipient_email'), models.F('id'), name='link_by_recipient'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(condition=models.Q(('revoked_at__isnull', True), ('spent__lt', models.F('max_bookings')), ('sealed_token__isnull', False)), fields=['workspace', '-id'], name='link_alive'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(condition=models.Q(('revoked_at__isnull', True), ('spent__gte', models.F('max_bookings'))), fields=['workspace', '-id'], name='link_used'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(condition=models.Q(('revoked_at__isnull', False)), fields=['workspace', '-id'], name='link_revoked'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(condition=models.Q(('revoked_at__isnull', True), ('spent__lt', models.F('max_bookings')), ('sealed_token__isnull', True)), fields=['workspace', '-id'], name='link_expired'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(condition=models.Q(('revoked_at__isnull', True), ('spent__lt', models.F('max_bookings')), ('sealed_token__isnull', False), ('expires_at__isnull', False)), fields=['workspace', 'expires_at', 'id'], name='link_by_expiry'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(condition=models.Q(('revoked_at__isnull', True), ('spent__lt', models.F('max_bookings')), ('sealed_token__isnull', False), ('not_before__isnull', False)), fields=['workspace', 'not_before'], name='link_by_opening'),
        ),
        migrations.AddIndex(
            model_name='onetimelink',
            index=models.Index(condition=models.Q(('last_opened_at__isnull', False)), fields=['workspace', '-last_opened_at', '-id'], name='link_by_last_open'),
        ),
    ]
