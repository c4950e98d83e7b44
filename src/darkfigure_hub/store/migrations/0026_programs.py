"""Tokens of programs, what they sent once and were told, and the reading of a submission."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0025_second_grades'),
    ]

    operations = [
        migrations.AddField(
            model_name='submission',
            name='reading',
            field=models.CharField(blank=True, default='', max_length=60),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=40)),
                ('called', models.CharField(max_length=60)),
                ('key_hash', models.CharField(max_length=64, unique=True)),
                ('grants', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ('marking', models.SmallIntegerField()),
                ('made_by', models.CharField(max_length=120)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('until', models.DateTimeField()),
                ('seal', models.CharField(max_length=64)),
                ('used_at', models.DateTimeField(null=True)),
                ('revoked_by', models.CharField(blank=True, max_length=120)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revoked_why', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('grants__len__gt', 0)), name='token_granted_something'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by', '')), models.Q(('revoked_at__isnull', False), models.Q(('revoked_by', ''), _negated=True)), _connector='OR'), name='token_revoked_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='SentOnce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('status', models.SmallIntegerField(null=True)),
                ('told', models.TextField(blank=True)),
                ('sent_at', models.DateTimeField(auto_now_add=True)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='store.submission')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'key'), name='key_used_once')],
            },
        ),
    ]
