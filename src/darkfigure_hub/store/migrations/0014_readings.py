"""Readings by which files were taken in: kept as they were, and named by the returns they made."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0013_file_names'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptReading',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('text', models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name='return',
            name='reading',
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name='returns',
                to='store.keptreading',
            ),
        ),
        migrations.RemoveConstraint(model_name='return', name='part_received_once'),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.UniqueConstraint(
                fields=['file', 'part', 'reading'], name='part_received_once', nulls_distinct=False
            ),
        ),
    ]
