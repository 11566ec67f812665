"""Indexes by which lists of links are read, for those of single columns; when links were opened, by whom."""

import bookonce.lib.instants
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


def without_index(name, digest, field):
    """The foreign key without the index of its own.

    As AlterField, but SQLite keeps its table: Django would copy all links anew for each of these columns,
    which takes minutes at a million of them; PostgreSQL would check the keys again. Only the index goes.
    """
    index = f'scheduling_onetimelink_{name}_id_{digest}'
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f'DROP INDEX {index}',
                f'CREATE INDEX {index} ON scheduling_onetimelink ({name}_id)',
            ),
        ],
        state_operations=[migrations.AlterField(model_name='onetimelink', name=name, field=field)],
    )


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
        without_index(
            'batch',
            '8c887bd5',
            models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='scheduling.linkbatch'),
        ),
        without_index(
            'calendar',
            'd145994d',
            models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='scheduling.calendar'),
        ),
        without_index(
            'created_by',
            'ea00083f',
            models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links_made', to='accounts.member'),
        ),
        without_index(
            'group',
            '7fef8643',
            models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='scheduling.calendargroup'),
        ),
        without_index(
            'host',
            '8e98cad4',
            models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links_to_meet', to='accounts.member'),
        ),
        without_index(
            'parent',
            'fc53b926',
            models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='scheduling.onetimelink'),
        ),
        without_index(
            'revoked_by',
            'fde429e5',
            models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links_revoked', to='accounts.member'),
        ),
        without_index(
            'workspace',
            'edf03d6a',
            models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='accounts.workspace'),
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
