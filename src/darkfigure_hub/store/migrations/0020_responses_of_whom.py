"""A response keeps whose it is, and why what is marked was released."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0019_submissions'),
    ]

    operations = [
        migrations.AddField(
            model_name='response',
            name='authority',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='response',
            name='release_reason',
            field=models.TextField(blank=True, default=''),
            preserve_default=False,
        ),
    ]
