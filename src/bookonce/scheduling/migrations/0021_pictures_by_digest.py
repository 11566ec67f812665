"""Pictures are served by their digest, whosever they are: image_once begins with the workspace."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0020_guests_pages'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='image',
            index=models.Index(fields=['digest'], name='image_by_digest'),
        ),
    ]
