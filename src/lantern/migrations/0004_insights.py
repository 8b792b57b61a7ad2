import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lantern', '0003_rights'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReleasedTerm',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=12)),
                ('begins_on', models.DateField()),
                ('ends_before', models.DateField()),
                ('released_at', models.DateTimeField()),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lantern.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='ReleasedLine',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('metric', models.CharField(choices=[('need_area', 'need_area'), ('goal_hours', 'goal_hours'), ('initiative_goals', 'initiative_goals')], max_length=20)),
                ('subject_id', models.UUIDField()),
                ('label', models.CharField(blank=True, max_length=200)),
                ('about', models.CharField(blank=True, max_length=300)),
                ('framework_id', models.UUIDField(null=True)),
                ('way', models.CharField(choices=[('place', 'place'), ('service', 'service')], max_length=10)),
                ('level', models.CharField(choices=[('state', 'state'), ('region', 'region'), ('district', 'district'), ('school', 'school'), ('grades', 'grades'), ('service', 'service')], max_length=10)),
                ('node', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=200)),
                ('organisation_id', models.UUIDField()),
                ('position', models.PositiveIntegerField()),
                ('why', models.CharField(blank=True, choices=[('', ''), ('too_few', 'too_few'), ('protects_another', 'protects_another'), ('cut_leaks', 'cut_leaks'), ('cut_not_checked', 'cut_not_checked')], max_length=20)),
                ('low', models.PositiveSmallIntegerField(null=True)),
                ('high', models.PositiveSmallIntegerField(null=True)),
                ('size_from', models.PositiveIntegerField(null=True)),
                ('size_to', models.PositiveIntegerField(null=True)),
                ('above', models.BooleanField(default=False)),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lantern.organisation')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='lantern.releasedterm')),
            ],
        ),
        migrations.CreateModel(
            name='RosterEntry',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('grade_band', models.CharField(max_length=10)),
                ('service_band', models.CharField(blank=True, max_length=10)),
                ('framework_id', models.UUIDField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lantern.organisation')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='lantern.person')),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lantern.organisation')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roster', to='lantern.releasedterm')),
            ],
        ),
        migrations.CreateModel(
            name='SmallestGroup',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('people', models.PositiveSmallIntegerField()),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lantern.organisation')),
            ],
        ),
        migrations.DeleteModel(
            name='Release',
        ),
        migrations.AddConstraint(
            model_name='releasedterm',
            constraint=models.UniqueConstraint(fields=('tenant', 'key'), name='released_term_once'),
        ),
        migrations.AddIndex(
            model_name='releasedline',
            index=models.Index(fields=['term', 'metric', 'subject_id', 'position'], name='released_line_order'),
        ),
        migrations.AddConstraint(
            model_name='releasedline',
            constraint=models.UniqueConstraint(fields=('term', 'way', 'metric', 'subject_id', 'node'), name='released_line_once'),
        ),
        migrations.AddConstraint(
            model_name='releasedline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('why', ''), ('high__isnull', False), ('low__isnull', False), ('size_from__gte', 10)), models.Q(models.Q(('why', ''), _negated=True), ('high__isnull', True), ('low__isnull', True), ('size_from__isnull', True)), _connector='OR'), name='released_line_value_or_reason'),
        ),
        migrations.AddIndex(
            model_name='rosterentry',
            index=models.Index(fields=['person'], name='roster_entry_person'),
        ),
        migrations.AddConstraint(
            model_name='rosterentry',
            constraint=models.UniqueConstraint(fields=('term', 'person'), name='roster_entry_once'),
        ),
        migrations.AddConstraint(
            model_name='smallestgroup',
            constraint=models.UniqueConstraint(fields=('tenant',), name='smallest_group_once'),
        ),
        migrations.AddConstraint(
            model_name='smallestgroup',
            constraint=models.CheckConstraint(condition=models.Q(('people__gte', 10), ('people__lte', 100)), name='smallest_group_bounds'),
        ),
    ]
