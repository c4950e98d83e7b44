"""What every process of the service remembers for a while."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A table that is in no log of the database's: what it holds is over in minutes."""

    dependencies = [("store", "0051_drafts_disposed")]

    operations = [
        migrations.CreateModel(
            name="Fleeting",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE store_fleeting SET UNLOGGED", "ALTER TABLE store_fleeting SET LOGGED"
        ),
    ]
