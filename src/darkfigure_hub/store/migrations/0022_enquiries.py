"""Enquiries: requests as they came, until a response went out; their words, locked, in identity."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


WORDS = """
CREATE TABLE identity.enquiry (
    enquiry_id bigint PRIMARY KEY,
    locked bytea NOT NULL
);
REVOKE ALL ON identity.enquiry FROM PUBLIC;
ALTER TABLE store_enquiry ADD CONSTRAINT enquiry_released_by_another
    CHECK (NOT released_by = ANY(writers));
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0020_responses_of_whom'),
    ]

    operations = [
        migrations.CreateModel(
            name='Enquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_on', models.DateField()),
                ('due_on', models.DateField(null=True)),
                ('reference', models.CharField(blank=True, max_length=40)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('asked_by', models.CharField(max_length=20)),
                ('form', models.CharField(max_length=10)),
                ('language', models.CharField(max_length=5)),
                ('reason', models.TextField(blank=True)),
                ('as_at', models.DateField(null=True)),
                ('marking', models.SmallIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('writers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), size=None)),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('released_by', models.CharField(blank=True, max_length=120)),
                ('released_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(blank=True, max_length=120)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_because', models.TextField(blank=True)),
                ('corrects', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='store.response')),
                ('response', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enquiry', to='store.response')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('released_at__isnull', True), ('closed_at__isnull', True), _connector='OR'), name='enquiry_ends_once'), models.CheckConstraint(condition=models.Q(('corrects__isnull', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='enquiry_that_corrects_says_why')],
            },
        ),
        migrations.RunSQL(
            WORDS,
            """DROP TABLE identity.enquiry;
            ALTER TABLE store_enquiry DROP CONSTRAINT enquiry_released_by_another""",
        ),
    ]
