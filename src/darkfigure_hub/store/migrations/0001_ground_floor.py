import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='KeptAnswer',
            fields=[
                ('id', models.CharField(max_length=10, primary_key=True, serialize=False)),
                ('question', models.JSONField()),
                ('as_at', models.DateField()),
                ('basis', models.CharField(max_length=64)),
                ('first_given', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='LogEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('who', models.TextField()),
                ('purpose', models.TextField()),
                ('action', models.CharField(max_length=40)),
                ('detail', models.JSONField()),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReceivedFile',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('size', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('name', models.TextField()),
                ('kind', models.CharField(max_length=40)),
                ('area', models.TextField(blank=True)),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('code', '='), ('valid', '&&')], name='agency_described_once')],
            },
        ),
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.TextField(blank=True)),
                ('kind', models.CharField(max_length=40)),
                ('received_at', models.DateTimeField()),
                ('received_by', models.TextField()),
                ('agency', models.CharField(blank=True, max_length=40)),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ('marking', models.SmallIntegerField()),
                ('rows', models.BigIntegerField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='store.receivedfile')),
                ('supersedes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='store.return')),
            ],
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=60)),
                ('unit', models.CharField(max_length=40)),
                ('population', models.CharField(max_length=60)),
                ('role', models.CharField(max_length=10)),
                ('shape', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('period_start', models.DateField()),
                ('period_end', models.DateField()),
                ('period_label', models.TextField()),
                ('period_exact', models.BooleanField()),
                ('status', models.CharField(max_length=20)),
                ('stated_on', models.DateField()),
                ('precision', models.CharField(max_length=10)),
                ('stated_by', models.CharField(max_length=40)),
                ('stated_as', models.TextField()),
                ('source', models.TextField()),
                ('whole', models.BooleanField()),
                ('rank', models.SmallIntegerField()),
                ('known', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('plain', models.BooleanField(default=False)),
                ('rows', models.BigIntegerField(default=0)),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='blocks', to='store.return')),
            ],
        ),
        migrations.CreateModel(
            name='ReturnRemark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=40)),
                ('line', models.BigIntegerField(null=True)),
                ('text', models.TextField()),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='store.return')),
            ],
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('pk', models.CompositePrimaryKey('block', 'row', blank=True, editable=False, primary_key=True, serialize=False)),
                ('row', models.BigIntegerField()),
                ('place', models.TextField(null=True)),
                ('operation', models.TextField(null=True)),
                ('exploitation', models.TextField(null=True)),
                ('age_group', models.TextField(null=True)),
                ('sex', models.TextField(null=True)),
                ('nationality', models.TextField(null=True)),
                ('area', models.TextField(null=True)),
                ('organisation', models.TextField(null=True)),
                ('organisation_kind', models.TextField(null=True)),
                ('outcome', models.TextField(null=True)),
                ('offence', models.TextField(null=True)),
                ('location', models.TextField(null=True)),
                ('value', models.DecimalField(decimal_places=6, max_digits=21, null=True)),
                ('low', models.DecimalField(decimal_places=6, max_digits=21, null=True)),
                ('high', models.DecimalField(decimal_places=6, max_digits=21, null=True)),
                ('reason', models.TextField(null=True)),
                ('change_reason', models.TextField(null=True)),
                ('corrects', models.DecimalField(decimal_places=6, max_digits=21, null=True)),
                ('note', models.TextField(null=True)),
                ('closed', models.DateField(null=True)),
                ('block', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='statements', to='store.block')),
            ],
        ),
        migrations.CreateModel(
            name='FilePiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.IntegerField()),
                ('size', models.IntegerField()),
                ('packed', models.BinaryField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='store.receivedfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('file', 'place'), name='piece_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.UniqueConstraint(fields=('file', 'part'), name='part_received_once'),
        ),
        migrations.AddIndex(
            model_name='block',
            index=models.Index(fields=['measure', 'stated_by', 'period_start'], name='block_matter'),
        ),
        migrations.AddConstraint(
            model_name='block',
            constraint=models.CheckConstraint(condition=models.Q(('period_end__gte', models.F('period_start'))), name='period_runs_forward'),
        ),
        migrations.AddConstraint(
            model_name='block',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['figure', 'change'])), name='block_role_known'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('value__isnull', False), ('reason__isnull', False), ('low__isnull', False), ('high__isnull', False), _connector='OR'), name='figure_or_reason'),
        ),
    ]
