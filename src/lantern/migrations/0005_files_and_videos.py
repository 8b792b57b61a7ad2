"""Videos: what a file is, what it was made from, how far it is and until when; and the room that a person's files take."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Sum


def count_what_is_there(apps, schema_editor):
    """Give everybody who has files a count of their bytes; a person without files gets hers with the first one."""
    stored, space = apps.get_model("lantern", "StoredFile"), apps.get_model("lantern", "FileSpace")
    sums = stored.objects.values("owner_id", "tenant_id").annotate(used=Sum("size")).order_by("owner_id")
    space.objects.bulk_create(
        [space(id=uuid.uuid4(), **row) for row in sums.iterator(chunk_size=1000)], batch_size=1000, ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("lantern", "0004_insights")]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="parent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="derivatives",
                to="lantern.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="role",
            field=models.CharField(
                choices=[
                    ("kept", "Written anew on arrival"),
                    ("raw", "As it was handed in, waiting to be written anew"),
                    ("gone", "The bytes are deleted; the row remembers"),
                    ("film", "A video written anew"),
                    ("poster", "A still picture of a video"),
                ],
                default="kept",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="storedfile", name="seconds", field=models.PositiveIntegerField(null=True)
        ),
        migrations.CreateModel(
            name="FileSpace",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("used", models.PositiveBigIntegerField(default=0)),
                (
                    "owner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="lantern.person"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="lantern.organisation",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.AddField(
            model_name="evidence",
            name="state",
            field=models.CharField(
                choices=[
                    ("preparing", "preparing"),
                    ("ready", "ready"),
                    ("refused", "refused"),
                    ("ended", "ended"),
                ],
                default="ready",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="evidence", name="refusal", field=models.CharField(blank=True, max_length=200)
        ),
        migrations.AddField(
            model_name="evidence",
            name="students",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", ""),
                    ("nobody", "nobody"),
                    ("released", "released"),
                    ("missing", "missing"),
                    ("unsure", "unsure"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(model_name="evidence", name="keep_until", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="evidence",
            name="job",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="lantern.job"
            ),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("state", "ready")), fields=["keep_until"], name="evidence_to_end"
            ),
        ),
        migrations.RunPython(count_what_is_there, migrations.RunPython.noop),
    ]
