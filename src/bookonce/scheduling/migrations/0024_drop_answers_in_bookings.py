"""Drop what 0023 has moved into rows; apart from it, since PostgreSQL alters no table with pending checks."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0023_answers_in_rows'),
    ]

    operations = [
        migrations.RemoveField(model_name='booking', name='answers'),
        migrations.RemoveField(model_name='booking', name='consent_at'),
        migrations.AlterField(
            model_name='bookinganswer',
            name='booking',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='scheduling.booking'),
        ),
    ]
