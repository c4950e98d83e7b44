"""Grades that another gave without knowing the first: how far graders agree."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0024_jobs'),
    ]

    operations = [
        migrations.CreateModel(
            name='SecondGrade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wall', models.IntegerField(db_default=2147483647)),
                ('first', models.CharField(max_length=3)),
                ('first_by', models.TextField()),
                ('letters', models.CharField(max_length=3)),
                ('graded_by', models.TextField()),
                ('graded_at', models.DateTimeField(auto_now_add=True)),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='second_grade', to='store.intelligenceitem')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('graded_by', models.F('first_by')), _negated=True), name='graded_by_another')],
            },
        ),
    ]
