"""Compartments, conditions of handling, purposes stated, glass broken; what is kept says through which walls."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


# Answers kept are seen as until now; items under handling C go behind a wall of a condition that names nobody.
HELD = """
UPDATE store_keptanswer SET below = 1000000 * (1 + marking) WHERE marking IS NOT NULL;
INSERT INTO store_handlingcondition (roles, agencies, purposes, sanitised, until) VALUES ('{}', '{}', '{}', false, NULL);
CREATE TEMPORARY TABLE conditional ON COMMIT DROP AS
SELECT i.id, w.agency, w.marking FROM store_intelligenceitem i JOIN store_wall w ON w.id = i.wall
WHERE (SELECT substr(g.letters, 3, 1) FROM store_itemgrade g WHERE g.item_id = i.id
    ORDER BY g.known_from DESC, g.id DESC LIMIT 1) = 'C';
INSERT INTO store_wall (id, agency, marking, condition)
SELECT 1000000000 + marking * 1000000 + nextval(pg_get_serial_sequence('store_wall', 'id')), agency, marking,
    (SELECT min(id) FROM store_handlingcondition)
FROM (SELECT DISTINCT agency, marking FROM conditional) AS found;
UPDATE store_intelligenceitem i SET wall = w.id FROM conditional c, store_wall w
WHERE c.id = i.id AND w.agency = c.agency AND w.marking = c.marking AND w.condition <> 0;
UPDATE store_itemgrade g SET wall = i.wall FROM store_intelligenceitem i WHERE i.id = g.item_id AND g.wall <> i.wall;
UPDATE store_itemlink l SET wall = i.wall FROM store_intelligenceitem i WHERE i.id = l.item_id AND l.wall <> i.wall;
UPDATE store_secondgrade s SET wall = i.wall FROM store_intelligenceitem i WHERE i.id = s.item_id AND s.wall <> i.wall;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0027_outbox'),
    ]

    operations = [
        migrations.CreateModel(
            name='BrokenGlass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('target', models.CharField(max_length=120)),
                ('why', models.TextField()),
                ('broken_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Compartment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('named_by', models.CharField(max_length=120)),
                ('named_at', models.DateTimeField(auto_now_add=True)),
                ('closed_by', models.CharField(blank=True, max_length=120)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='CompartmentGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('proposed_by', models.CharField(max_length=120)),
                ('proposed_at', models.DateTimeField(auto_now_add=True)),
                ('approved_by', models.CharField(blank=True, max_length=120)),
                ('approved_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=120)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='HandlingCondition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('agencies', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('purposes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('sanitised', models.BooleanField()),
                ('until', models.DateField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='wall',
            name='wall_once',
        ),
        migrations.AddField(
            model_name='job',
            name='purpose',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='keptanswer',
            name='below',
            field=models.IntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='keptanswer',
            name='listed',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), db_default=[], size=None),
        ),
        migrations.AddField(
            model_name='session',
            name='purpose',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='wall',
            name='compartment',
            field=models.IntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='wall',
            name='condition',
            field=models.IntegerField(db_default=0),
        ),
        migrations.AddConstraint(
            model_name='wall',
            constraint=models.UniqueConstraint(fields=('agency', 'marking', 'compartment', 'condition'), name='wall_once'),
        ),
        migrations.AddField(
            model_name='brokenglass',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='broke', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='compartment',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owns', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='intelligencereport',
            name='compartment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='store.compartment'),
        ),
        migrations.AddField(
            model_name='return',
            name='compartment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='store.compartment'),
        ),
        migrations.AddField(
            model_name='submission',
            name='compartment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='store.compartment'),
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.CheckConstraint(condition=models.Q(('compartment__isnull', True), ('marking__gt', 0), _connector='OR'), name='compartment_is_marked'),
        ),
        migrations.AddField(
            model_name='compartmentgrant',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='compartments', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='compartmentgrant',
            name='compartment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='store.compartment'),
        ),
        migrations.AddConstraint(
            model_name='handlingcondition',
            constraint=models.UniqueConstraint(fields=('roles', 'agencies', 'purposes', 'sanitised', 'until'), name='condition_once', nulls_distinct=False),
        ),
        migrations.AddField(
            model_name='itemgrade',
            name='condition',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grades', to='store.handlingcondition'),
        ),
        migrations.AddConstraint(
            model_name='brokenglass',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('return', 'report', 'person'))), name='glass_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='brokenglass',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.text.Length('why'), 40), name='glass_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='compartmentgrant',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', models.F('proposed_by')), _negated=True), name='granted_by_another'),
        ),
        migrations.AddConstraint(
            model_name='compartmentgrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by', '')), models.Q(('approved_at__isnull', False), models.Q(('approved_by', ''), _negated=True)), _connector='OR'), name='granted_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='compartmentgrant',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='granted_forward'),
        ),
        migrations.AddConstraint(
            model_name='compartmentgrant',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('compartment', 'account'), name='granted_once'),
        ),
        migrations.RunSQL(HELD, migrations.RunSQL.noop),
    ]
