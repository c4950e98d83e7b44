"""The identity schema: names, dates of birth, documents and the files that hold them, under a role of its own."""

from django.db import migrations

ROLES = """
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['darkfigure_service', 'darkfigure_identity'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
        IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', wanted, current_user);
        END IF;
    END LOOP;
END $$;
"""

TABLES = """
CREATE SCHEMA identity;
CREATE TABLE identity.person (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person text NOT NULL,
    agency text NOT NULL,
    known_from date NOT NULL,
    return_id bigint NOT NULL,
    given_name text,
    family_name text,
    date_of_birth text,
    document_number text
);
CREATE INDEX identity_person ON identity.person (person);
CREATE TABLE identity.file_piece (
    file_id text NOT NULL,
    place integer NOT NULL,
    size integer NOT NULL,
    packed bytea NOT NULL,
    PRIMARY KEY (file_id, place)
);
REVOKE ALL ON SCHEMA identity FROM PUBLIC;
GRANT USAGE ON SCHEMA identity TO darkfigure_identity;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA identity TO darkfigure_identity;
GRANT SELECT ON store_receivedfile TO darkfigure_identity;
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0002_casework")]

    operations = [
        migrations.RunSQL(ROLES, migrations.RunSQL.noop),
        migrations.RunSQL(TABLES, "DROP SCHEMA identity CASCADE"),
    ]
