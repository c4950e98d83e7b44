"""Submissions: drafts and what became of them; their bytes, locked, in the schema identity."""

import django.db.models.deletion
from django.db import migrations, models


DRAFT = """
CREATE TABLE identity.draft (
    submission_id bigint PRIMARY KEY,
    locked bytea NOT NULL
);
REVOKE ALL ON identity.draft FROM PUBLIC;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0018_walls'),
    ]

    operations = [
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.BigIntegerField()),
                ('marking', models.SmallIntegerField()),
                ('drafted_by', models.CharField(max_length=120)),
                ('drafted_at', models.DateTimeField(auto_now_add=True)),
                ('released_by', models.CharField(blank=True, max_length=120)),
                ('released_at', models.DateTimeField(null=True)),
                ('made', models.JSONField(default=dict)),
                ('discarded_by', models.CharField(blank=True, max_length=120)),
                ('discarded_at', models.DateTimeField(null=True)),
                ('replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='store.submission')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('released_by', models.F('drafted_by')), _negated=True), name='released_by_another'), models.CheckConstraint(condition=models.Q(('released_at__isnull', True), ('discarded_at__isnull', True), _connector='OR'), name='released_or_discarded')],
            },
        ),
        migrations.RunSQL(DRAFT, 'DROP TABLE identity.draft'),
    ]
