"""Private words are sealed, each person's with a key of her own (decision 0032); so is what was written before."""

from django.db import migrations, models


def mark_for_now(apps, schema_editor):
    """Tell saved searches of one person apart until `lantern setup` has sealed their names and marked them."""
    for search in apps.get_model("lantern", "SavedSearch").objects.all():
        search.name_mark = search.pk.hex
        search.save(update_fields=["name_mark"])


class Migration(migrations.Migration):
    dependencies = [
        ("lantern", "0007_audit"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="savedsearch",
            name="saved_search_once",
        ),
        migrations.AddField(
            model_name="person",
            name="sealing_key",
            field=models.BinaryField(default=b"", max_length=80),
        ),
        migrations.AddField(
            model_name="savedsearch",
            name="name_mark",
            field=models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="activity",
            name="provider",
            field=models.TextField(blank=True, max_length=160),
        ),
        migrations.AlterField(
            model_name="activity",
            name="title",
            field=models.TextField(max_length=300),
        ),
        migrations.AlterField(
            model_name="activity",
            name="url",
            field=models.TextField(blank=True, max_length=500),
        ),
        migrations.AlterField(
            model_name="coachlink",
            name="message",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="note",
            field=models.TextField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="goal",
            name="baseline",
            field=models.TextField(max_length=120),
        ),
        migrations.AlterField(
            model_name="goal",
            name="measure",
            field=models.TextField(max_length=200),
        ),
        migrations.AlterField(
            model_name="goal",
            name="target",
            field=models.TextField(max_length=120),
        ),
        migrations.AlterField(
            model_name="goal",
            name="title",
            field=models.TextField(max_length=200),
        ),
        migrations.AlterField(
            model_name="goal",
            name="why",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="goalcheck",
            name="note",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="goalcheck",
            name="value",
            field=models.TextField(max_length=120),
        ),
        migrations.AlterField(
            model_name="look",
            name="purpose",
            field=models.TextField(max_length=120),
        ),
        migrations.AlterField(
            model_name="need",
            name="words",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="planitem",
            name="reason",
            field=models.TextField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="planweek",
            name="note",
            field=models.TextField(blank=True, max_length=80),
        ),
        migrations.AlterField(
            model_name="profile",
            name="interests",
            field=models.TextField(default=list),
        ),
        migrations.AlterField(
            model_name="profile",
            name="strengths",
            field=models.TextField(default=list),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="made",
            field=models.TextField(default=dict),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="note",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="proposed",
            field=models.TextField(default=dict),
        ),
        migrations.AlterField(
            model_name="reflection",
            name="takeaway",
            field=models.TextField(),
        ),
        migrations.AlterField(
            model_name="reflection",
            name="try_class",
            field=models.TextField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            model_name="reflection",
            name="what_happened",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="savedsearch",
            name="filters",
            field=models.TextField(default=dict),
        ),
        migrations.AlterField(
            model_name="savedsearch",
            name="name",
            field=models.TextField(max_length=80),
        ),
        migrations.AlterField(
            model_name="share",
            name="purpose",
            field=models.TextField(max_length=120),
        ),
        migrations.AlterField(
            model_name="storedfile",
            name="name",
            field=models.TextField(max_length=200),
        ),
        migrations.AlterField(
            model_name="suggestion",
            name="parts",
            field=models.TextField(default=list),
        ),
        migrations.RunPython(mark_for_now, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.UniqueConstraint(fields=("person", "name_mark"), name="saved_search_once"),
        ),
    ]
