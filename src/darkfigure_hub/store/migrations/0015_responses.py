"""What answers held is kept with them, and the register of responses."""

import django.db.models.deletion
from django.db import migrations, models

TEXT = """
CREATE TABLE identity.request_text (
    response_id bigint PRIMARY KEY,
    text text NOT NULL
);
REVOKE ALL ON identity.request_text FROM PUBLIC;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0014_readings'),
    ]

    operations = [
        migrations.AlterField(
            model_name='keptanswer',
            name='id',
            field=models.CharField(max_length=16, primary_key=True, serialize=False),
        ),
        migrations.AddField(
            model_name='keptanswer',
            name='content',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='keptanswer',
            name='marking',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name='ID'
                )),
                ('title', models.CharField(max_length=200)),
                ('request', models.CharField(blank=True, max_length=40)),
                ('asked_by', models.CharField(max_length=20)),
                ('form', models.CharField(max_length=10)),
                ('language', models.CharField(max_length=5)),
                ('sent_on', models.DateField()),
                ('released_by', models.CharField(max_length=100)),
                ('registered_at', models.DateTimeField(auto_now_add=True)),
                ('marking', models.SmallIntegerField()),
                ('public', models.BooleanField()),
                ('reason', models.TextField(blank=True)),
                ('corrects', models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name='corrected_by',
                    to='store.response',
                )),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(
                        condition=models.Q(corrects__isnull=True) | ~models.Q(reason=''),
                        name='correction_has_a_reason',
                    ),
                    models.CheckConstraint(
                        condition=models.Q(public=False) | models.Q(marking=0),
                        name='disclosed_is_public',
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name='ResponsePart',
            fields=[
                ('id', models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name='ID'
                )),
                ('letter', models.CharField(max_length=2)),
                ('measure', models.CharField(max_length=60)),
                ('refused', models.JSONField(null=True)),
                ('answer', models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name='responses',
                    to='store.keptanswer',
                )),
                ('of', models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name='parts',
                    to='store.response',
                )),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(
                        fields=['of', 'letter'], name='part_stands_once'
                    ),
                ],
            },
        ),
        migrations.RunSQL(TEXT, "DROP TABLE identity.request_text"),
    ]
