"""Saved questions, webhooks, and the address, locked, of whoever was given a response."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


ADDRESSEES = """
CREATE TABLE identity.addressee (
    response_id bigint PRIMARY KEY,
    locked bytea NOT NULL
);
REVOKE ALL ON identity.addressee FROM PUBLIC;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0030_agencies_that_end'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoing',
            name='agency',
            field=models.CharField(blank=True, db_default='', max_length=40),
        ),
        migrations.AddField(
            model_name='outgoing',
            name='event',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='outgoing',
            name='response',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='words', to='store.response'),
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=40)),
                ('address', models.CharField(max_length=300)),
                ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None)),
                ('locked', models.TextField()),
                ('made_by', models.CharField(max_length=120)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=120)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('events__len__gt', 0)), name='webhook_told_of_something'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), models.Q(('ended_why', ''), _negated=True), _connector='OR'), name='webhook_ended_for_a_reason')],
            },
        ),
        migrations.AddField(
            model_name='outgoing',
            name='webhook',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outgoing', to='store.webhook'),
        ),
        migrations.CreateModel(
            name='SavedQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('measure', models.CharField(max_length=60)),
                ('question', models.JSONField()),
                ('tells', models.BooleanField(default=True)),
                ('said', models.CharField(max_length=16)),
                ('said_on', models.DateField()),
                ('before', models.CharField(blank=True, max_length=16)),
                ('before_on', models.DateField(null=True)),
                ('changed_at', models.DateTimeField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved', to=settings.AUTH_USER_MODEL)),
                ('acting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved', to='store.appointment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('account', 'name'), name='saved_under_a_name_once')],
            },
        ),
        migrations.RunSQL(ADDRESSEES, "DROP TABLE identity.addressee"),
    ]
