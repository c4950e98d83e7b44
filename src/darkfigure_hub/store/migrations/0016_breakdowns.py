"""A statement may say why a measure is not broken down by a dimension."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0015_responses'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='block', name='block_role_known'),
        migrations.AddConstraint(
            model_name='block',
            constraint=models.CheckConstraint(
                condition=models.Q(('role__in', ['figure', 'change', 'breakdown'])),
                name='block_role_known',
            ),
        ),
    ]
