"""Long work that people ask for on pages."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0023_log_found'),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('title', models.CharField(max_length=200)),
                ('arguments', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('ticket', models.CharField(max_length=32, unique=True)),
                ('seal', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('attempt', models.SmallIntegerField(default=0)),
                ('worker', models.CharField(blank=True, max_length=40)),
                ('heard_at', models.DateTimeField(null=True)),
                ('begun_at', models.DateTimeField(null=True)),
                ('progress', models.JSONField(default=dict)),
                ('cancel_asked_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=10)),
                ('said', models.TextField(blank=True)),
                ('made', models.JSONField(default=dict)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL)),
                ('acting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='store.appointment')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['id'], name='jobs_that_wait')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', '')), models.Q(('ended_at__isnull', False), ('outcome__in', ('done', 'failed', 'cancelled'))), _connector='OR'), name='job_ends_in_some_way'), models.CheckConstraint(condition=models.Q(('attempt__range', (0, 2))), name='job_is_begun_twice_at_most')],
            },
        ),
    ]
