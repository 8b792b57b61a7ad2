"""Pathways become sets of steps in versions; each that is there becomes version after version "all in order"."""

import secrets
import time
from uuid import UUID

import django.db.models.deletion
from django.db import migrations, models


def _id():
    """A UUID of version 7, as the house makes them; migrations import nothing of it."""
    value = ((time.time_ns() // 1_000_000) & (2**48 - 1)) << 80 | secrets.randbits(80)
    return UUID(int=(value & ~(0xF << 76) | (0x7 << 76)) & ~(0x3 << 62) | (0x2 << 62))


def keep_what_is_there(apps, schema_editor):
    """Write each pathway's steps as its version; what one should know before them nobody had said."""
    pathways = apps.get_model("lantern", "Pathway").objects
    versions = apps.get_model("lantern", "PathwayVersion").objects
    steps = apps.get_model("lantern", "PathwayStep").objects
    for pathway in pathways.order_by("pk"):
        rows = list(steps.filter(pathway_id=pathway.pk).order_by("position"))
        parts = [
            {"key": f"s{place}", "routes": [str(row.resource_id)], "outcome": row.outcome}
            for place, row in enumerate(rows, start=1)
        ]
        version = versions.create(
            id=_id(),
            tenant_id=pathway.tenant_id,
            pathway_id=pathway.pk,
            number=pathway.version,
            structure={"key": "top", "rule": "all in order", "parts": parts},
            offered_at=pathway.updated_at,
        )
        for place, row in enumerate(rows, start=1):
            row.version_id, row.key, row.position = version.pk, f"s{place}", place
            row.save(update_fields=["version_id", "key", "position"])
    if schema_editor.connection.vendor == "postgresql":
        # The tables are altered below, which PostgreSQL refuses while ties wait to be checked.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def _tenant():
    return models.ForeignKey(
        editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="lantern.organisation"
    )


def _tie(to, **options):
    return models.ForeignKey(**{"on_delete": django.db.models.deletion.CASCADE, "related_name": "+", "to": to} | options)


def _identity():
    return models.UUIDField(editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [
        ("lantern", "0022_planning_together"),
    ]

    operations = [
        migrations.AddField("pathway", "source", models.CharField(blank=True, default="", max_length=300)),
        migrations.AddField("pathway", "external_id", models.CharField(blank=True, default="", max_length=200)),
        migrations.AddField("pathway", "draft", models.JSONField(null=True)),
        migrations.AlterField("pathway", "source", models.CharField(blank=True, max_length=300)),
        migrations.AlterField("pathway", "external_id", models.CharField(blank=True, max_length=200)),
        migrations.AlterField("pathway", "version", models.PositiveIntegerField(default=0)),
        migrations.AlterField(
            "pathway",
            "state",
            models.CharField(
                choices=[("draft", "draft"), ("offered", "offered"), ("retired", "retired")],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            "pathway",
            models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("tenant", "source", "external_id"),
                name="pathway_sourced_once",
            ),
        ),
        migrations.CreateModel(
            name="PathwayVersion",
            fields=[
                ("id", _identity()),
                ("number", models.PositiveIntegerField()),
                ("structure", models.JSONField()),
                ("offered_at", models.DateTimeField()),
                ("pathway", _tie("lantern.pathway", related_name="versions")),
                ("tenant", _tenant()),
            ],
        ),
        migrations.AddConstraint(
            "pathwayversion",
            models.UniqueConstraint(fields=("pathway", "number"), name="pathway_version_once"),
        ),
        migrations.RemoveConstraint("pathwaystep", "pathway_step_place"),
        migrations.RemoveConstraint("pathwaystep", "pathway_step_once"),
        migrations.AddField("pathwaystep", "version", _tie("lantern.pathwayversion", null=True, related_name="steps")),
        migrations.AddField("pathwaystep", "key", models.CharField(default="", max_length=12)),
        migrations.AddField("pathwaystep", "route", models.PositiveSmallIntegerField(default=0)),
        migrations.RunPython(keep_what_is_there, migrations.RunPython.noop),
        migrations.RemoveField("pathwaystep", "pathway"),
        migrations.AlterField("pathwaystep", "version", _tie("lantern.pathwayversion", related_name="steps")),
        migrations.AlterField("pathwaystep", "key", models.CharField(max_length=12)),
        migrations.AddConstraint(
            "pathwaystep",
            models.UniqueConstraint(fields=("version", "key", "route"), name="pathway_step_route"),
        ),
        migrations.CreateModel(
            name="PathwayStart",
            fields=[
                ("id", _identity()),
                ("choices", models.TextField(default=dict)),
                ("started_at", models.DateTimeField()),
                ("pathway", _tie("lantern.pathway")),
                ("person", _tie("lantern.person")),
                ("tenant", _tenant()),
                ("version", _tie("lantern.pathwayversion")),
            ],
        ),
        migrations.AddConstraint(
            "pathwaystart",
            models.UniqueConstraint(fields=("person", "pathway"), name="pathway_started_once"),
        ),
        migrations.CreateModel(
            name="OwnPathway",
            fields=[
                ("id", _identity()),
                ("title", models.TextField(max_length=160)),
                ("structure", models.TextField(default=dict)),
                ("choices", models.TextField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "copied_from",
                    _tie("lantern.pathway", null=True, on_delete=django.db.models.deletion.SET_NULL),
                ),
                ("person", _tie("lantern.person")),
                ("tenant", _tenant()),
            ],
        ),
        migrations.AddIndex(
            "ownpathway",
            models.Index(fields=["person", "-updated_at"], name="own_pathway_newest"),
        ),
    ]
