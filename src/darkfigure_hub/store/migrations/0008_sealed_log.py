"""The log is only added to: a column for the key that seals an entry, sets of records, and triggers."""

import django.contrib.postgres.fields
from django.db import migrations, models

TRIGGERS = """
CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'The table % is only added to.', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'UPDATE' THEN NEW ELSE OLD END;
END $$;
CREATE TRIGGER only_added_to BEFORE UPDATE OR DELETE ON store_logentry
    FOR EACH ROW EXECUTE FUNCTION only_added_to();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON store_logentry
    FOR EACH STATEMENT EXECUTE FUNCTION only_added_to();
CREATE TRIGGER only_added_to BEFORE UPDATE OR DELETE ON store_recordset
    FOR EACH ROW EXECUTE FUNCTION only_added_to();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON store_recordset
    FOR EACH STATEMENT EXECUTE FUNCTION only_added_to();
"""
GONE = """
DROP TRIGGER only_added_to ON store_logentry;
DROP TRIGGER never_emptied ON store_logentry;
DROP TRIGGER only_added_to ON store_recordset;
DROP TRIGGER never_emptied ON store_recordset;
DROP FUNCTION only_added_to();
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0007_definition")]

    operations = [
        migrations.AddField(
            model_name="logentry",
            name="sealed_by",
            field=models.CharField(default="", max_length=16),
        ),
        migrations.CreateModel(
            name="RecordSet",
            fields=[
                ("hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "members",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
            ],
        ),
        migrations.RunSQL(TRIGGERS, GONE),
    ]
