"""References of records are pseudonyms in the tables: what is held is sealed as the names of persons are."""

from django.db import migrations

# A name is KIND:digits, or KIND:digits/rest, where the rest is a short number or sixteen digits of its own.
# Each part is sealed by itself, so that what belonged together in what was written still does.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION identity.renamed(inner_pad bytea, outer_pad bytea, held text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT split_part(held, ':', 1) || ':'
        || left(encode(identity.hmac(inner_pad, outer_pad, split_part(held, '/', 1)), 'hex'), 16)
        || CASE WHEN strpos(held, '/') = 0 THEN ''
            WHEN length(split_part(held, '/', 2)) < 16 THEN '/' || split_part(held, '/', 2)
            ELSE '/' || left(encode(identity.hmac(inner_pad, outer_pad,
                split_part(held, ':', 1) || ':' || split_part(held, '/', 2)), 'hex'), 16) END
$$;

CREATE OR REPLACE FUNCTION identity.next_name(held text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT identity.renamed(inner_pad, outer_pad, held)
    FROM identity.pseudonym_key ORDER BY number DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION identity.all_sealed(given text[]) RETURNS TABLE (was text, name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- arrays are unnested side by side: a name keeps its place
    names text[] := ARRAY(SELECT CASE
            WHEN strpos(g.one, '#') > 0 THEN replace(g.one, '#', ':')
            ELSE coalesce((SELECT f.name FROM identity.former_pseudonym f WHERE f.former = g.one), g.one)
        END FROM unnest(given) AS g(one));
    key record;
BEGIN
    FOR key IN SELECT inner_pad, outer_pad FROM identity.pseudonym_key ORDER BY number LOOP
        names := ARRAY(SELECT CASE WHEN strpos(g.one, '#') = 0 THEN g.made
                ELSE identity.renamed(key.inner_pad, key.outer_pad, g.made) END
            FROM unnest(given, names) AS g(one, made));
    END LOOP;
    RETURN QUERY SELECT * FROM unnest(given, names);
END $$;

CREATE OR REPLACE FUNCTION identity.sealed(given text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.name FROM identity.all_sealed(ARRAY[given]) s
$$;

CREATE OR REPLACE FUNCTION identity.rotate(places text[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    place text;
    key integer := identity.add_key();
    renamed bigint;
    distinct_names bigint;
BEGIN
    UPDATE identity.former_pseudonym SET name = identity.next_name(name);
    FOREACH place IN ARRAY places LOOP
        -- an operation that figures name is held by that name, which has no colon
        EXECUTE format('INSERT INTO identity.former_pseudonym (former, name, number) '
            'SELECT held, identity.next_name(held), $1 FROM (SELECT DISTINCT %2$I AS held FROM %1$s '
            'WHERE strpos(%2$I, '':'') > 0) AS each ON CONFLICT (former) DO NOTHING',
            split_part(place, ' ', 1)::regclass, split_part(place, ' ', 2)) USING key;
    END LOOP;
    SELECT count(*), count(DISTINCT name) INTO renamed, distinct_names
        FROM identity.former_pseudonym WHERE number = key;
    IF renamed <> distinct_names THEN
        RAISE EXCEPTION 'Two pseudonyms become one under this key. Nothing was changed: try again.';
    END IF;
    FOREACH place IN ARRAY places LOOP
        EXECUTE format('UPDATE %1$s AS t SET %2$I = f.name FROM identity.former_pseudonym f '
            'WHERE f.former = t.%2$I AND f.number = $1',
            split_part(place, ' ', 1)::regclass, split_part(place, ' ', 2)) USING key;
    END LOOP;
    -- two names are kept in alphabetical order
    UPDATE store_linkpair SET "left" = "right", "right" = "left"
        WHERE "left" COLLATE "C" > "right" COLLATE "C";
    UPDATE store_linkdecision SET "left" = "right", "right" = "left"
        WHERE "left" COLLATE "C" > "right" COLLATE "C";
    RETURN renamed;
END $$;

REVOKE ALL ON FUNCTION identity.renamed, identity.all_sealed FROM PUBLIC;
"""

# As `basis.reference.record_pseudonym` makes names, for the owner who seals what is held; gone afterwards.
PLAIN = """
CREATE FUNCTION identity.digits(said text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT left(encode(sha256(convert_to(said, 'UTF8')), 'hex'), 16)
$$;
CREATE FUNCTION identity.plain(kind text, own text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN kind <> 'charge' OR strpos(own, '/') = 0
        THEN kind || '#' || identity.digits(kind || '|' || own)
        ELSE kind || '#' || identity.digits(kind || '|' || split_part(own, '/', 1)) || '/'
            || CASE WHEN own ~ '^[^/]*/[0-9]{1,3}$' THEN split_part(own, '/', 2)
                ELSE identity.digits(kind || '|' || own) END END
$$;
"""
#: Every column that holds references of records, with the kind they name, as of this migration.
PLACES = (
    ("operation", "record", "operation"),
    ("operation", "part_of", "operation"),
    ("role", "record", "role"),
    ("role", "operation", "operation"),
    ("recovery", "record", "recovery"),
    ("recovery", "operation", "operation"),
    ("referral", "record", "referral"),
    ("referral", "operation", "operation"),
    ("decision", "record", "decision"),
    ("decision", "referral", "referral"),
    ("decision", "revises", "decision"),
    ("premises", "record", "premises"),
    ("premises", "operation", "operation"),
    ("arrest", "record", "arrest"),
    ("arrest", "operation", "operation"),
    ("charge", "record", "charge"),
    ("charge", "arrest", "arrest"),
    ("charge", "operation", "operation"),
    ("hearing", "record", "hearing"),
    ("hearing", "charge", "charge"),
    ("sentence", "record", "sentence"),
    ("sentence", "charge", "charge"),
    ("no_further_action", "record", "no_further_action"),
    ("no_further_action", "arrest", "arrest"),
    ("voluntary_return", "record", "voluntary_return"),
    ("voluntary_return", "operation", "operation"),
)
#: Operations that figures name, as of this migration: they are held by that name.
NAMED = ["Pentameter 1", "Pentameter 2"]


def seal(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(PLAIN)
        for kind, column, to in PLACES:
            cursor.execute(
                f'UPDATE case_{kind} AS t SET "{column}" = s.name FROM '
                "(SELECT own, identity.sealed(identity.plain(%s, own)) AS name FROM "
                f'(SELECT DISTINCT "{column}" AS own FROM case_{kind} '
                # no reference has a colon: what has one is a name, sealed before this was undone
                f'WHERE "{column}" <> ALL (%s) AND strpos("{column}", \':\') = 0) AS held) AS s '
                f'WHERE t."{column}" = s.own',
                [to, NAMED if to == "operation" else []],
            )
        cursor.execute("DROP FUNCTION identity.plain, identity.digits")


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0011_keyed_pseudonyms'),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        # names that are held stay as they are when this is undone
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
