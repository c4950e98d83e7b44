"""What is taken back is an event; until when a row stands follows from the others. Origins are
registered once, their spellings in the identity schema. Items have marks of their own.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from darkfigure.intelligence.origins import normal

SPELLINGS = """
CREATE TABLE identity.origin_spelling (
    normal text PRIMARY KEY,
    origin_id bigint NOT NULL,
    written text NOT NULL,
    known_from date NOT NULL
);
CREATE INDEX origin_spelling_of ON identity.origin_spelling (origin_id);
CREATE FUNCTION identity.origin_of(form text) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = identity, pg_temp
    AS 'SELECT origin_id FROM identity.origin_spelling WHERE normal = form';
REVOKE ALL ON FUNCTION identity.origin_of FROM PUBLIC;
"""
GONE = "DROP FUNCTION identity.origin_of; DROP TABLE identity.origin_spelling"
ITEM_MARKS = """
UPDATE store_intelligenceitem i SET marking = r.marking, tlp = r.tlp
FROM store_intelligencereport r WHERE r.id = i.of_id
"""
SPELLING = "INSERT INTO identity.origin_spelling VALUES (%s, %s, %s, %s)"


def register_origins(apps, editor):
    """Give each origin, in whatever spelling, one reference."""
    origins, items = (apps.get_model("store", name) for name in ("Origin", "IntelligenceItem"))
    registered = {}
    spelt = items.objects.exclude(written="").order_by("id")
    for item in spelt.select_related("of"):
        form = normal(item.written)
        if form not in registered:
            day = item.of.received_at.date()
            registered[form] = origins.objects.create(registered_on=day, registered_by="upgrade")
            with editor.connection.cursor() as cursor:
                cursor.execute(SPELLING, [form, registered[form].pk, item.written, day])
        items.objects.filter(pk=item.pk).update(origin=registered[form])
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0008_sealed_log'),
    ]

    operations = [
        migrations.CreateModel(
            name='AskChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('known_from', models.DateField()),
                ('agency', models.CharField(max_length=40)),
                ('due', models.DateField()),
                ('reason', models.TextField()),
                ('changed_by', models.TextField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Origin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(blank=True, max_length=40)),
                ('registered_on', models.DateField()),
                ('registered_by', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='OriginJoin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('known_from', models.DateField()),
                ('reason', models.TextField()),
                ('joined_by', models.TextField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TakenBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('known_from', models.DateField()),
                ('kind', models.CharField(max_length=20)),
                ('target', models.CharField(max_length=60)),
                ('named', models.TextField()),
                ('reason', models.TextField()),
                ('by', models.TextField()),
                ('at', models.DateTimeField()),
                ('corrected_by', models.TextField(blank=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='ask',
            name='asked_once',
        ),
        migrations.RemoveField(
            model_name='ask',
            name='known_to',
        ),
        migrations.RemoveField(
            model_name='askreply',
            name='known_to',
        ),
        migrations.RemoveField(
            model_name='cellclosure',
            name='known_to',
        ),
        migrations.RemoveField(
            model_name='givenanswer',
            name='known_to',
        ),
        migrations.RemoveField(
            model_name='itemgrade',
            name='known_to',
        ),
        migrations.RemoveField(
            model_name='itemlink',
            name='known_to',
        ),
        migrations.AddField(
            model_name='intelligenceitem',
            name='caveats',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name='intelligenceitem',
            name='marking',
            field=models.SmallIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='intelligenceitem',
            name='tlp',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='intelligencereport',
            name='caveats',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name='askchange',
            name='ask',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='store.ask'),
        ),
        migrations.RenameField('intelligenceitem', 'origin', 'written'),
        migrations.AddField(
            model_name='intelligenceitem',
            name='origin',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='store.origin'),
        ),
        migrations.RunSQL(SPELLINGS, GONE),
        migrations.RunSQL(ITEM_MARKS, migrations.RunSQL.noop),
        migrations.RunPython(register_origins, migrations.RunPython.noop),
        migrations.RemoveField('intelligenceitem', 'written'),
        migrations.AddField(
            model_name='originjoin',
            name='into',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='joined_from', to='store.origin'),
        ),
        migrations.AddField(
            model_name='originjoin',
            name='origin',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='joined_to', to='store.origin'),
        ),
        migrations.AddField(
            model_name='takenback',
            name='undoes',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='store.takenback'),
        ),
        migrations.AddIndex(
            model_name='takenback',
            index=models.Index(fields=['kind', 'target'], name='taken_back'),
        ),
        migrations.AddConstraint(
            model_name='takenback',
            constraint=models.UniqueConstraint(fields=('undoes',), name='undone_once'),
        ),
    ]
