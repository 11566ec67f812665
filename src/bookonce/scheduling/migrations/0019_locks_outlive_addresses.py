"""A dead link that forgets its recipient's address stays locked, for the link that may replace it."""

from django.db import migrations, models
from django.db.models import Q

NAME = 'link_lock_has_address'
LOCKED = Q(email_lock__in=['match', 'code'])
OLD = models.CheckConstraint(condition=Q(email_lock='off') | (LOCKED & ~Q(recipient_email='')), name=NAME)
MAY_BE_DEAD = Q(revoked_at__isnull=False) | Q(expires_at__isnull=False)
NEW = models.CheckConstraint(
    condition=Q(email_lock='off') | (LOCKED & (~Q(recipient_email='') | MAY_BE_DEAD)), name=NAME
)


def _exchange(apps, schema_editor, old, new):
    """SQLite copies the table for each constraint that goes or comes: here once for both."""
    link = apps.get_model('scheduling', 'OneTimeLink')
    if schema_editor.connection.vendor != 'sqlite':
        schema_editor.remove_constraint(link, old)
        schema_editor.add_constraint(link, new)
        return
    kept = link._meta.constraints
    link._meta.constraints = [new if constraint.name == NAME else constraint for constraint in kept]
    schema_editor._remake_table(link)
    link._meta.constraints = kept


def forwards(apps, schema_editor):
    _exchange(apps, schema_editor, OLD, NEW)


def backwards(apps, schema_editor):
    apps.get_model('scheduling', 'OneTimeLink').objects.filter(recipient_email='').update(email_lock='off')
    _exchange(apps, schema_editor, NEW, OLD)


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0018_lists_of_links'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forwards, backwards)],
            state_operations=[
                migrations.RemoveConstraint(model_name='onetimelink', name=NAME),
                migrations.AddConstraint(model_name='onetimelink', constraint=NEW),
            ],
        ),
    ]
