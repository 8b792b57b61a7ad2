"""How unsure a source says it is lies from 0.05 to 10 levels; what an archive brought in outside of that is taken as not
said."""

from django.db import migrations, models

LEAST, MOST = 0.05, 10.0


def unsay_what_cannot_be(apps, schema_editor):
    """A row outside could not be weighed with the others, so her page and the nightly ranking failed on it."""
    rows = apps.get_model("lantern", "LevelEvidence").objects.filter(sd__isnull=False)
    rows.exclude(sd__gte=LEAST, sd__lte=MOST).update(sd=None)


class Migration(migrations.Migration):
    dependencies = [
        ("lantern", "0016_sources_of_a_need"),
    ]

    operations = [
        migrations.RunPython(unsay_what_cannot_be, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="levelevidence",
            name="level_evidence_sd",
        ),
        migrations.AddConstraint(
            model_name="levelevidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sd__isnull", True), models.Q(("sd__gte", 0.05), ("sd__lte", 10.0)), _connector="OR"
                ),
                name="level_evidence_sd",
            ),
        ),
    ]
