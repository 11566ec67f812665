"""Hours that run over midnight."""

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0005_hosts_and_their_schedules'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='overridehours',
            name='override_hours_order',
        ),
        migrations.RemoveConstraint(
            model_name='weeklyhours',
            name='weekly_hours_order',
        ),
        migrations.AddConstraint(
            model_name='overridehours',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends__isnull', True), ('starts__isnull', True)), models.Q(('ends__gt', models.F('starts')), ('starts__gte', 0), ('starts__lt', 1440), models.Q(('ends__lte', 1440), ('ends__lt', django.db.models.expressions.CombinedExpression(models.F('starts'), '+', models.Value(1440))), _connector='OR')), _connector='OR'), name='override_hours_order'),
        ),
        migrations.AddConstraint(
            model_name='weeklyhours',
            constraint=models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts')), ('starts__gte', 0), ('starts__lt', 1440), models.Q(('ends__lte', 1440), ('ends__lt', django.db.models.expressions.CombinedExpression(models.F('starts'), '+', models.Value(1440))), _connector='OR')), name='weekly_hours_order'),
        ),
    ]
