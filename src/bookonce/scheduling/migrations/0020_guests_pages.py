"""What the guests' pages ask, say and look like: questions, consent, looks, origins, languages."""

import bookonce.lib.instants
import django.db.models.deletion
from django.db import migrations, models


COLUMNS = {
    'Calendar': [
        'asks_notes', 'embeds_one_time_links', 'further_guests', 'guests_choose_host', 'language', 'layout',
        'most_guests', 'next_steps', 'proof_of_work', 'redirect_url', 'searchable',
    ],
    'Booking': ['guest_count', 'language'],
    'LinkRequest': ['language'],
}
CHECKS = ['calendar_layout_known', 'calendar_further_guests_known', 'calendar_most_guests']


def _checks(model):
    return [constraint for constraint in model._meta.constraints if constraint.name in CHECKS]


def forwards(apps, schema_editor):
    on_sqlite = schema_editor.connection.vendor == 'sqlite'
    for name, columns in COLUMNS.items():
        model = apps.get_model('scheduling', name)
        for field in map(model._meta.get_field, columns):
            if on_sqlite:  # a constant default makes it a change of the table's text alone
                definition, values = schema_editor.column_sql(model, field, include_default=True)
                schema_editor.execute(f'ALTER TABLE {model._meta.db_table} ADD COLUMN {field.column} {definition}', values or None)
            else:
                schema_editor.add_field(model, field)
        if on_sqlite and _checks(model):
            schema_editor._remake_table(model)
        elif not on_sqlite:
            for check in _checks(model):
                schema_editor.add_constraint(model, check)


def backwards(apps, schema_editor):
    for name, columns in COLUMNS.items():
        model = apps.get_model('scheduling', name)
        if schema_editor.connection.vendor == 'sqlite':
            model._meta.constraints = [check for check in model._meta.constraints if check.name not in CHECKS]
            schema_editor._remake_table(model)
        else:
            for check in _checks(model):
                schema_editor.remove_constraint(model, check)
        for column in columns:
            schema_editor.remove_field(model, model._meta.get_field(column))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_invitation'),
        ('scheduling', '0019_locks_outlive_addresses'),
    ]

    operations = [
        migrations.CreateModel(
            name='Image',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='images', to='accounts.workspace')),
                ('digest', models.CharField(max_length=64)),
                ('content_type', models.CharField(max_length=32)),
                ('width', models.PositiveSmallIntegerField()),
                ('height', models.PositiveSmallIntegerField()),
                ('body', models.BinaryField()),
                ('created_at', bookonce.lib.instants.SecondsField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'digest'), name='image_once')],
            },
        ),
        migrations.CreateModel(
            name='CalendarLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('calendar', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='look', to='scheduling.calendar')),
                ('primary', models.CharField(blank=True, max_length=6)),
                ('background', models.CharField(blank=True, max_length=6)),
                ('button_text', models.CharField(blank=True, max_length=40)),
                ('radius', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('theme', models.CharField(choices=[('auto', 'Auto'), ('light', 'Light'), ('dark', 'Dark')], default='auto', max_length=5)),
                ('hides_name', models.BooleanField(default=False)),
                ('hides_description', models.BooleanField(default=False)),
                ('hides_details', models.BooleanField(default=False)),
                ('logo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='logo_of', to='scheduling.image')),
                ('cover', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cover_of', to='scheduling.image')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('theme__in', ['auto', 'light', 'dark'])), name='look_theme_known'), models.CheckConstraint(condition=models.Q(('radius', None), ('radius__lte', 24), _connector='OR'), name='look_radius')],
            },
        ),
        migrations.CreateModel(
            name='EmbedOrigin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='embed_origins', to='scheduling.calendar')),
                ('origin', models.CharField(max_length=255)),
            ],
            options={
                'ordering': ['origin'],
                'constraints': [models.UniqueConstraint(fields=('calendar', 'origin'), name='embed_origin_once')],
            },
        ),
        migrations.CreateModel(
            name='RedirectOrigin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='redirect_origins', to='accounts.workspace')),
                ('origin', models.CharField(max_length=255)),
            ],
            options={
                'ordering': ['origin'],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'origin'), name='redirect_origin_once')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=24, unique=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='accounts.workspace')),
                ('key', models.CharField(max_length=40)),
                ('kind', models.CharField(choices=[('short', 'Short'), ('long', 'Long'), ('number', 'Number'), ('email', 'Email'), ('phone', 'Phone'), ('choice', 'Choice'), ('several', 'Several'), ('checkbox', 'Checkbox'), ('date', 'Date'), ('url', 'Url')], max_length=8)),
                ('label', models.CharField(max_length=200)),
                ('help', models.CharField(blank=True, max_length=500)),
                ('created_at', bookonce.lib.instants.SecondsField()),
                ('deleted_at', bookonce.lib.instants.SecondsField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'key'), name='question_key_unique'), models.CheckConstraint(condition=models.Q(('kind__in', ['short', 'long', 'number', 'email', 'phone', 'choice', 'several', 'checkbox', 'date', 'url'])), name='question_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='QuestionChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='scheduling.question')),
                ('position', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('question', 'text'), name='question_choice_once')],
            },
        ),
        migrations.CreateModel(
            name='CalendarQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_questions', to='scheduling.calendar')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calendar_questions', to='scheduling.question')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('required', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('calendar', 'question'), name='calendar_question_once')],
            },
        ),
        migrations.CreateModel(
            name='BookingAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='booking_answers', to='scheduling.booking')),
                ('position', models.PositiveSmallIntegerField()),
                ('key', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('short', 'Short'), ('long', 'Long'), ('number', 'Number'), ('email', 'Email'), ('phone', 'Phone'), ('choice', 'Choice'), ('several', 'Several'), ('checkbox', 'Checkbox'), ('date', 'Date'), ('url', 'Url')], max_length=8)),
                ('label', models.CharField(max_length=200)),
                ('value', models.TextField(max_length=12000)),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('booking', 'key'), name='booking_answer_once')],
            },
        ),
        migrations.CreateModel(
            name='ConsentText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consent_texts', to='scheduling.calendar')),
                ('version', models.PositiveIntegerField()),
                ('text', models.TextField(max_length=1000)),
                ('created_at', bookonce.lib.instants.SecondsField()),
                ('retired_at', bookonce.lib.instants.SecondsField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('calendar', 'version'), name='consent_text_version'), models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('calendar',), name='consent_text_one_present')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('booking', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='consent', to='scheduling.booking')),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='scheduling.consenttext')),
                ('given_at', bookonce.lib.instants.SecondsField()),
                ('address', models.CharField(blank=True, max_length=45)),
                ('page', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='SpentProof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('expires_at', bookonce.lib.instants.SecondsField()),
            ],
            options={
                'indexes': [models.Index(fields=['expires_at'], name='spent_proof_by_age')],
            },
        ),
        # Adding columns and checks one by one would copy the tables each time on SQLite.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    model_name='booking',
                    name='guest_count',
                    field=models.PositiveSmallIntegerField(db_default=0, default=0),
                ),
                migrations.AddField(
                    model_name='booking',
                    name='language',
                    field=models.CharField(blank=True, db_default='', max_length=8),
                ),
                migrations.AddField(
                    model_name='calendar',
                    name='asks_notes',
                    field=models.BooleanField(default=True),
                ),
                migrations.AddField(
                    model_name='calendar',
                    name='embeds_one_time_links',
                    field=models.BooleanField(default=False),
                ),
                migrations.AddField(
                    model_name='calendar',
                    name='further_guests',
                    field=models.CharField(choices=[('none', 'None'), ('count', 'Count'), ('details', 'Details')], default='details', max_length=7),
                ),
                migrations.AddField(
                    model_name='calendar',
                    name='guests_choose_host',
                    field=models.BooleanField(default=False),
                ),
                migrations.AddField(
                    model_name='calendar',
                    name='language',
                    field=models.CharField(blank=True, max_length=8),
                ),
                migrations.AddField(
                    model_name='calendar',
                    name='layout',
                    field=models.CharField(choices=[('month', 'Month'), ('week', 'Week')], default='month', max_length=5),
                ),
                migrations.AddField(
                    model_name='calendar',
                    name='most_guests',
                    field=models.PositiveSmallIntegerField(default=10),
                ),
                migrations.AddField(
                    model_name='calendar',
                    name='next_steps',
                    field=models.TextField(blank=True, max_length=1000),
                ),
                migrations.AddField(
                    model_name='calendar',
                    name='proof_of_work',
                    field=models.BooleanField(default=False),
                ),
                migrations.AddField(
                    model_name='calendar',
                    name='redirect_url',
                    field=models.CharField(blank=True, max_length=500),
                ),
                migrations.AddField(
                    model_name='calendar',
                    name='searchable',
                    field=models.BooleanField(default=False),
                ),
                migrations.AddField(
                    model_name='linkrequest',
                    name='language',
                    field=models.CharField(blank=True, db_default='', max_length=8),
                ),
                migrations.AddConstraint(
                    model_name='calendar',
                    constraint=models.CheckConstraint(condition=models.Q(('layout__in', ['month', 'week'])), name='calendar_layout_known'),
                ),
                migrations.AddConstraint(
                    model_name='calendar',
                    constraint=models.CheckConstraint(condition=models.Q(('further_guests__in', ['none', 'count', 'details'])), name='calendar_further_guests_known'),
                ),
                migrations.AddConstraint(
                    model_name='calendar',
                    constraint=models.CheckConstraint(condition=models.Q(('most_guests__range', (1, 20))), name='calendar_most_guests'),
                ),
            ],
        ),
        migrations.RunPython(forwards, backwards),
    ]
