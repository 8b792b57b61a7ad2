"""What an author or a file says of an item is kept beside what answers say, so that neither overwrites the other."""

from django.db import migrations, models
from django.db.models import F

CUTS = {1: -1.5, 2: -0.5, 3: 0.5, 4: 1.5}


def keep_what_authors_said(apps, schema_editor):
    """Copy the numbers of items that no answers changed; for the others their level is all that is left of it."""
    items = apps.get_model("lantern", "AssessmentItem").objects
    items.filter(calibrated="author").update(
        author_difficulty=F("difficulty"), author_discrimination=F("discrimination")
    )
    for level, cut in CUTS.items():
        items.exclude(calibrated="author").filter(level=level).update(author_difficulty=cut)


class Migration(migrations.Migration):
    dependencies = [
        ("lantern", "0017_how_sure_a_source_can_be"),
    ]

    operations = [
        migrations.AddField(
            model_name="assessmentitem",
            name="author_difficulty",
            field=models.FloatField(default=0.0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="assessmentitem",
            name="author_discrimination",
            field=models.FloatField(default=1.0),
        ),
        migrations.AddConstraint(
            model_name="assessmentitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("author_difficulty__gte", -4), ("author_difficulty__lte", 4), ("author_discrimination__gt", 0)
                ),
                name="item_author",
            ),
        ),
        migrations.RunPython(keep_what_authors_said, migrations.RunPython.noop),
    ]
