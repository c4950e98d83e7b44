"""Agencies that ended here: merged into others, split, closed."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0029_sight'),
    ]

    operations = [
        migrations.CreateModel(
            name='AgencyChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('agency', models.CharField(max_length=40, unique=True)),
                ('into_agencies', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('keeper', models.CharField(blank=True, max_length=40)),
                ('on_day', models.DateField()),
                ('why', models.TextField()),
                ('changed_by', models.CharField(max_length=120)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('into_agencies', []), ('keeper', ''), ('kind', 'close')), models.Q(('kind__in', ('merge', 'split')), models.Q(('keeper', ''), _negated=True)), _connector='OR'), name='agency_ends_in_some_way')],
            },
        ),
    ]
