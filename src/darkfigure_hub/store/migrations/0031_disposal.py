"""Holds, proposals to dispose of a thing, and what was carried out."""

import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0028_saved_and_webhooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='intelligencereport',
            name='disposed_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='return',
            name='disposed_on',
            field=models.DateField(null=True),
        ),
        migrations.CreateModel(
            name='Disposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('target', models.BigIntegerField()),
                ('under', models.CharField(max_length=40)),
                ('due', models.DateField()),
                ('why', models.TextField()),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('proposed_by', models.CharField(max_length=120)),
                ('proposed_at', models.DateTimeField(auto_now_add=True)),
                ('withdrawn_by', models.CharField(blank=True, max_length=120)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('carried_out_by', models.CharField(blank=True, max_length=120)),
                ('carried_out_at', models.DateTimeField(null=True)),
                ('gone', models.JSONField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('return', 'report', 'response'))), name='disposed_of_a_kind'), models.CheckConstraint(condition=django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.text.Length('why'), 10), name='disposal_has_a_reason'), models.CheckConstraint(condition=models.Q(('carried_out_by', models.F('proposed_by')), _negated=True), name='disposed_of_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('carried_out_at__isnull', True), ('carried_out_by', '')), models.Q(('carried_out_at__isnull', False), models.Q(('carried_out_by', ''), _negated=True)), _connector='OR'), name='disposed_of_by_somebody'), models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('kind', 'target'), name='disposed_of_once')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('target', models.BigIntegerField()),
                ('ground', models.CharField(max_length=20)),
                ('why', models.TextField()),
                ('until', models.DateField(null=True)),
                ('held_by', models.CharField(max_length=120)),
                ('held_at', models.DateTimeField(auto_now_add=True)),
                ('ended_by', models.CharField(blank=True, max_length=120)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('return', 'report', 'response'))), name='held_of_a_kind'), models.CheckConstraint(condition=models.Q(('ground__in', ('inquiry', 'court', 'restricted')), models.Q(('ground', 'retained'), ('until__isnull', False)), _connector='OR'), name='held_for_some_time'), models.CheckConstraint(condition=django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.text.Length('why'), 10), name='hold_has_a_reason')],
            },
        ),
    ]
