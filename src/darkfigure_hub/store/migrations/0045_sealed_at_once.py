"""Names are sealed in half the time: what the first key makes of them by one expression over all of them."""

from django.db import migrations

# Sealed as by identity.renamed, written out where it is used: of a name without a rest, that of nearly all.
FUNCTION = """
CREATE OR REPLACE FUNCTION identity.all_sealed(given text[]) RETURNS TABLE (was text, name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    names text[];
    key record;
BEGIN
    SELECT inner_pad, outer_pad INTO key FROM identity.pseudonym_key ORDER BY number LIMIT 1;
    -- arrays are unnested side by side: a name keeps its place
    names := ARRAY(SELECT CASE
            WHEN strpos(g.one, '#') = 0 THEN coalesce(
                (SELECT f.name FROM identity.former_pseudonym f WHERE f.former = g.one), g.one)
            WHEN strpos(g.one, '/') > 0
                THEN identity.renamed(key.inner_pad, key.outer_pad, replace(g.one, '#', ':'))
            ELSE split_part(g.one, '#', 1) || ':' || left(encode(sha256(key.outer_pad
                || sha256(key.inner_pad || convert_to(replace(g.one, '#', ':'), 'UTF8'))), 'hex'), 16)
        END FROM unnest(given) AS g(one));
    FOR key IN SELECT inner_pad, outer_pad FROM identity.pseudonym_key ORDER BY number OFFSET 1 LOOP
        names := ARRAY(SELECT CASE WHEN strpos(g.one, '#') = 0 THEN g.made
                ELSE identity.renamed(key.inner_pad, key.outer_pad, g.made) END
            FROM unnest(given, names) AS g(one, made));
    END LOOP;
    RETURN QUERY SELECT * FROM unnest(given, names);
END $$;
"""


class Migration(migrations.Migration):
    """Sealing is quicker; the names are the same."""

    dependencies = [("store", "0037_editions")]

    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
