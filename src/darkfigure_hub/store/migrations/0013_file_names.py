"""Names of files as they came, in the identity schema: a file may be named after a person."""

from django.db import migrations

TABLE = """
CREATE TABLE identity.file_name (
    return_id bigint PRIMARY KEY,
    name text NOT NULL
);
REVOKE ALL ON identity.file_name FROM PUBLIC;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0012_records_by_pseudonym'),
    ]

    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE identity.file_name"),
    ]
