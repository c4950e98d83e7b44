"""Walls: whose a row is and how it is marked, on every row of what agencies send; those held take theirs."""

from django.db import migrations, models


# What is held was taken in at the machine: a return is of nobody in particular, a report of who made it.
TAKE = """
INSERT INTO store_wall (id, agency, marking)
SELECT marking * 1000000 + nextval(pg_get_serial_sequence('store_wall', 'id')), agency, marking FROM (
SELECT '' AS agency, marking FROM store_return
UNION SELECT agency, marking FROM store_intelligencereport
UNION SELECT r.agency, greatest(r.marking, i.marking) FROM store_intelligenceitem i
    JOIN store_intelligencereport r ON r.id = i.of_id
UNION SELECT k.agency, e.marking FROM store_ask k JOIN store_requirementedition e ON e.code = k.edition_id
) AS found;
UPDATE store_return r SET wall = w.id FROM store_wall w WHERE w.agency = '' AND w.marking = r.marking;
UPDATE store_block b SET wall = r.wall FROM store_return r WHERE r.id = b.of_id;
UPDATE store_statement s SET wall = b.wall FROM store_block b WHERE b.id = s.block_id;
UPDATE store_intelligencereport r SET wall = w.id FROM store_wall w
WHERE w.agency = r.agency AND w.marking = r.marking;
UPDATE store_intelligenceitem i SET wall = w.id FROM store_intelligencereport r, store_wall w
WHERE r.id = i.of_id AND w.agency = r.agency AND w.marking = greatest(r.marking, i.marking);
UPDATE store_itemgrade g SET wall = i.wall FROM store_intelligenceitem i WHERE i.id = g.item_id;
UPDATE store_itemlink l SET wall = i.wall FROM store_intelligenceitem i WHERE i.id = l.item_id;
UPDATE store_ask k SET wall = w.id FROM store_requirementedition e, store_wall w
WHERE e.code = k.edition_id AND w.agency = k.agency AND w.marking = e.marking;
UPDATE store_askchange c SET wall = k.wall FROM store_ask k WHERE k.id = c.ask_id;
UPDATE store_askreply a SET wall = k.wall FROM store_ask k WHERE k.id = a.ask_id;
"""
CASES = """
DO $$
DECLARE held text;
BEGIN
    FOR held IN SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname LIKE 'case\\_%' LOOP
        EXECUTE format('UPDATE %I v SET wall = r.wall FROM store_return r WHERE r.id = v.return_id', held);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0017_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='ask',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='askchange',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='askreply',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='block',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='casearrest',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='casecharge',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='casedecision',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='casehearing',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='casenofurtheraction',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='caseoperation',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='caseperson',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='casepremises',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='caserecovery',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='casereferral',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='caserole',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='casesentence',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='casevoluntaryreturn',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='intelligenceitem',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='intelligencereport',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='itemgrade',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='itemlink',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='return',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name='statement',
            name='wall',
            field=models.IntegerField(db_default=2147483647),
        ),
        migrations.CreateModel(
            name='Wall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=40)),
                ('marking', models.SmallIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'marking'), name='wall_once')],
            },
        ),
        migrations.RunSQL(TAKE, migrations.RunSQL.noop),
        migrations.RunSQL(CASES, migrations.RunSQL.noop),
    ]
