"""Private words are sealed, each person's with a key of her own (decision 0032); so is what was written before."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import migrations, models

import lantern.kernel.sealing.fields
import lantern.kernel.sealing.keys
from lantern.kernel import sealing, tenancy
from lantern.kernel.sealing import streams


def give_keys(apps, schema_editor):
    """Give everybody a key of her own: the default of the new column is one for all."""
    person = apps.get_model("lantern", "Person")
    table, connection = person._meta.db_table, schema_editor.connection
    with tenancy.unscoped("a migration"), connection.cursor() as cursor:
        for pk in person.objects.values_list("pk", flat=True).iterator(chunk_size=1000):
            key = sealing.keys.new_wrapped_key()
            cursor.execute(f"UPDATE {table} SET sealing_key = %s WHERE id = %s", [key, _id(connection, pk)])  # noqa: S608
            sealing.learn(pk, key)


def seal_what_is_there(apps, schema_editor):
    """Seal every text in a column that has become a sealed one, and mark the names of saved searches."""
    connection = schema_editor.connection
    with tenancy.unscoped("a migration"):
        for model in apps.get_models():
            for field in model._meta.local_fields:
                if isinstance(field, sealing.SealedText):
                    _seal_column(connection, model, field)


def _seal_column(connection, model, field):
    table, column = model._meta.db_table, field.column
    for pk, person_id, text in list(_written(connection, model, field)):
        sealed = str(sealing.fields.seal(person_id, text, field.about))
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [sealed, _id(connection, pk)])  # noqa: S608
            if table == "lantern_savedsearch" and column == "name":
                mark = [sealing.mark(person_id, text), _id(connection, pk)]
                cursor.execute(f"UPDATE {table} SET name_mark = %s WHERE id = %s", mark)  # noqa: S608


def _written(connection, model, field) -> Iterator[tuple]:
    """Give (row, person, text) of every row that holds a text in this column."""
    rows = model.objects.annotate(
        whose=models.F(field.owner + "_id"), text=models.functions.Cast(field.name, models.TextField())
    )
    for pk, whose, text in rows.values_list("pk", "whose", "text").iterator(chunk_size=1000):
        if text:
            yield pk, whose, text


def seal_files(apps, schema_editor):
    """Seal every kept file that lies in the open; one that is sealed already is left alone, so it may run twice."""
    stored = apps.get_model("lantern", "StoredFile")
    with tenancy.unscoped("a migration"):
        for key, owner in list(stored.objects.exclude(role="gone").values_list("key", "owner_id")):
            path = Path(settings.LANTERN_FILES) / key[:2] / key[2:4] / key
            if not path.is_file() or path.open("rb").read(4) == streams.MAGIC:
                continue
            target = path.with_name(f"{key}.sealing")
            target.unlink(missing_ok=True)
            streams.seal_file(owner, path, target)
            target.replace(path)


def _id(connection, pk):
    return pk.hex if connection.vendor == "sqlite" else pk


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
            field=lantern.kernel.sealing.keys.KeyColumn(
                default=lantern.kernel.sealing.keys.new_wrapped_key, max_length=80
            ),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AddField(
            model_name="savedsearch",
            name="name_mark",
            field=lantern.kernel.sealing.fields.Mark(default="", editable=False, max_length=64, of="name"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="activity",
            name="provider",
            field=lantern.kernel.sealing.fields.SealedText(blank=True, max_length=160, owner="person"),
        ),
        migrations.AlterField(
            model_name="activity",
            name="title",
            field=lantern.kernel.sealing.fields.SealedText(max_length=300, owner="person"),
        ),
        migrations.AlterField(
            model_name="activity",
            name="url",
            field=lantern.kernel.sealing.fields.SealedText(blank=True, max_length=500, owner="person"),
        ),
        migrations.AlterField(
            model_name="coachlink",
            name="message",
            field=lantern.kernel.sealing.fields.SealedText(blank=True, owner="educator"),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="note",
            field=lantern.kernel.sealing.fields.SealedText(blank=True, max_length=200, owner="person"),
        ),
        migrations.AlterField(
            model_name="goal",
            name="baseline",
            field=lantern.kernel.sealing.fields.SealedText(max_length=120, owner="person"),
        ),
        migrations.AlterField(
            model_name="goal",
            name="measure",
            field=lantern.kernel.sealing.fields.SealedText(max_length=200, owner="person"),
        ),
        migrations.AlterField(
            model_name="goal",
            name="target",
            field=lantern.kernel.sealing.fields.SealedText(max_length=120, owner="person"),
        ),
        migrations.AlterField(
            model_name="goal",
            name="title",
            field=lantern.kernel.sealing.fields.SealedText(max_length=200, owner="person"),
        ),
        migrations.AlterField(
            model_name="goal",
            name="why",
            field=lantern.kernel.sealing.fields.SealedText(blank=True, owner="person"),
        ),
        migrations.AlterField(
            model_name="goalcheck",
            name="note",
            field=lantern.kernel.sealing.fields.SealedText(blank=True, owner="goal__person"),
        ),
        migrations.AlterField(
            model_name="goalcheck",
            name="value",
            field=lantern.kernel.sealing.fields.SealedText(max_length=120, owner="goal__person"),
        ),
        migrations.AlterField(
            model_name="look",
            name="purpose",
            field=lantern.kernel.sealing.fields.SealedText(max_length=120, owner="person"),
        ),
        migrations.AlterField(
            model_name="need",
            name="words",
            field=lantern.kernel.sealing.fields.SealedText(blank=True, owner="person"),
        ),
        migrations.AlterField(
            model_name="planitem",
            name="reason",
            field=lantern.kernel.sealing.fields.SealedText(blank=True, max_length=200, owner="plan__person"),
        ),
        migrations.AlterField(
            model_name="planweek",
            name="note",
            field=lantern.kernel.sealing.fields.SealedText(blank=True, max_length=80, owner="plan__person"),
        ),
        migrations.AlterField(
            model_name="profile",
            name="interests",
            field=lantern.kernel.sealing.fields.SealedJson(default=list, owner="person"),
        ),
        migrations.AlterField(
            model_name="profile",
            name="strengths",
            field=lantern.kernel.sealing.fields.SealedJson(default=list, owner="person"),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="made",
            field=lantern.kernel.sealing.fields.SealedJson(default=dict, owner="educator"),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="note",
            field=lantern.kernel.sealing.fields.SealedText(blank=True, owner="educator"),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="proposed",
            field=lantern.kernel.sealing.fields.SealedJson(default=dict, owner="educator"),
        ),
        migrations.AlterField(
            model_name="reflection",
            name="takeaway",
            field=lantern.kernel.sealing.fields.SealedText(owner="person"),
        ),
        migrations.AlterField(
            model_name="reflection",
            name="try_class",
            field=lantern.kernel.sealing.fields.SealedText(blank=True, max_length=120, owner="person"),
        ),
        migrations.AlterField(
            model_name="reflection",
            name="what_happened",
            field=lantern.kernel.sealing.fields.SealedText(blank=True, owner="person"),
        ),
        migrations.AlterField(
            model_name="savedsearch",
            name="filters",
            field=lantern.kernel.sealing.fields.SealedJson(default=dict, owner="person"),
        ),
        migrations.AlterField(
            model_name="savedsearch",
            name="name",
            field=lantern.kernel.sealing.fields.SealedText(max_length=80, owner="person"),
        ),
        migrations.AlterField(
            model_name="share",
            name="purpose",
            field=lantern.kernel.sealing.fields.SealedText(max_length=120, owner="person"),
        ),
        migrations.AlterField(
            model_name="storedfile",
            name="name",
            field=lantern.kernel.sealing.fields.SealedText(max_length=200, owner="owner"),
        ),
        migrations.AlterField(
            model_name="suggestion",
            name="parts",
            field=lantern.kernel.sealing.fields.SealedJson(default=list, owner="person"),
        ),
        migrations.RunPython(seal_what_is_there, migrations.RunPython.noop),
        migrations.RunPython(seal_files, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.UniqueConstraint(fields=("person", "name_mark"), name="saved_search_once"),
        ),
    ]
