"""Pseudonyms are keyed: keys and former pseudonyms, which the owner alone reads; what is held is sealed in the first key."""

from django.db import migrations

TABLES = """
CREATE TABLE identity.pseudonym_key (
    number integer PRIMARY KEY,
    inner_pad bytea NOT NULL CHECK (length(inner_pad) = 64),
    outer_pad bytea NOT NULL CHECK (length(outer_pad) = 64),
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE identity.former_pseudonym (
    former text PRIMARY KEY,
    name text NOT NULL,
    number integer NOT NULL
);
REVOKE ALL ON identity.pseudonym_key, identity.former_pseudonym FROM PUBLIC;
"""

# HMAC-SHA-256 (RFC 2104): a secret of 32 bytes is kept as its two pads of a block of 64.
FUNCTIONS = """
CREATE FUNCTION identity.pad(secret bytea, filler integer) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE made bytea := decode(repeat(lpad(to_hex(filler), 2, '0'), 64), 'hex');
BEGIN
    FOR place IN 0 .. length(secret) - 1 LOOP
        made := set_byte(made, place, get_byte(secret, place) # filler);
    END LOOP;
    RETURN made;
END $$;

CREATE FUNCTION identity.hmac(inner_pad bytea, outer_pad bytea, said text) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(outer_pad || sha256(inner_pad || convert_to(said, 'UTF8')))
$$;

CREATE FUNCTION identity.add_key() RETURNS integer
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    WITH drawn AS MATERIALIZED (
        SELECT sha256(decode(replace(concat(
            gen_random_uuid(), gen_random_uuid(), gen_random_uuid()), '-', ''), 'hex')) AS secret
    )
    INSERT INTO identity.pseudonym_key (number, inner_pad, outer_pad)
    SELECT (SELECT coalesce(max(number), 0) + 1 FROM identity.pseudonym_key),
        identity.pad(secret, 54), identity.pad(secret, 92) FROM drawn
    RETURNING number
$$;

CREATE FUNCTION identity.next_name(held text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT split_part(held, ':', 1) || ':'
        || left(encode(identity.hmac(inner_pad, outer_pad, held), 'hex'), 16)
    FROM identity.pseudonym_key ORDER BY number DESC LIMIT 1
$$;

CREATE FUNCTION identity.sealed(given text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text := given;
    key record;
BEGIN
    IF strpos(given, '#') = 0 THEN
        RETURN coalesce((SELECT f.name FROM identity.former_pseudonym f WHERE f.former = given), given);
    END IF;
    name := replace(given, '#', ':');
    FOR key IN SELECT inner_pad, outer_pad FROM identity.pseudonym_key ORDER BY number LOOP
        name := split_part(name, ':', 1) || ':'
            || left(encode(identity.hmac(key.inner_pad, key.outer_pad, name), 'hex'), 16);
    END LOOP;
    RETURN name;
END $$;

CREATE FUNCTION identity.rotate(places text[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    place text;
    key integer := identity.add_key();
    renamed bigint;
    distinct_names bigint;
BEGIN
    UPDATE identity.former_pseudonym SET name = identity.next_name(name);
    FOREACH place IN ARRAY places LOOP
        EXECUTE format('INSERT INTO identity.former_pseudonym (former, name, number) '
            'SELECT held, identity.next_name(held), $1 FROM (SELECT DISTINCT %2$I AS held FROM %1$s '
            'WHERE length(%2$I) > 0) AS each ON CONFLICT (former) DO NOTHING',
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

REVOKE ALL ON FUNCTION identity.pad, identity.hmac, identity.add_key, identity.next_name,
    identity.sealed, identity.rotate FROM PUBLIC;
"""
GONE = """
DROP FUNCTION identity.rotate, identity.sealed, identity.next_name, identity.add_key,
    identity.hmac, identity.pad;
"""
#: Every column that names a person, as of this migration.
PLACES = (
    "identity.person person",
    "case_person record",
    "case_role person",
    "case_recovery person",
    "case_referral person",
    "case_arrest person",
    "case_charge person",
    "case_charge victim",
    "case_voluntary_return person",
    "store_linkedrecord record",
    "store_linkpair left",
    "store_linkpair right",
    "store_linkdecision left",
    "store_linkdecision right",
    "person_link record",
    "person_link person",
    "person_link surely",
    "person_link possibly",
)


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0010_taken_back'),
    ]

    operations = [
        migrations.RunSQL(TABLES, "DROP TABLE identity.former_pseudonym, identity.pseudonym_key"),
        migrations.RunSQL(FUNCTIONS, GONE),
        # plain names, as programs made them until now, become those of the first key
        migrations.RunSQL(
            [("SELECT identity.rotate(%s)", [list(PLACES)])], migrations.RunSQL.noop
        ),
    ]
