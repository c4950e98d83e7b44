"""What somebody did, and what was done with a record, is found without reading the whole log."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0022_enquiries'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='logentry',
            index=models.Index(fields=['who', 'id'], name='log_by_who'),
        ),
        migrations.AddIndex(
            model_name='recordset',
            index=django.contrib.postgres.indexes.GinIndex(fields=['members'], name='record_set_members'),
        ),
    ]
