"""An installation of an earlier version is brought up to date with everything that is in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.requirement("N4"),
    pytest.mark.skipif("DATABASE_URL" in os.environ, reason="only SQLite makes tables anew to change them"),
]

EARLIER = "0014"
"""A version that people ran, before the first change that made tables anew beside guards."""
_FILL = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", "lantern", "{earlier}", verbosity=0, interactive=False)
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from lantern.kernel import tenancy
from lantern.kernel.database import door, install
from lantern.kernel.ids import uuid7
loader = MigrationExecutor(connection).loader
name = next(key for key in loader.graph.nodes if key[0] == "lantern" and key[1].startswith("{earlier}"))
tables = loader.project_state([name]).apps
own, now = uuid7(), timezone.now()
with tenancy.unscoped("rows of an earlier version"), door.opened("rows of an earlier version"):
    make = lambda table, **facts: tables.get_model("lantern", table).objects.create(**(dict(pk=uuid7()) | facts))
    make("Organisation", pk=own, tenant_id=own, kind="district", name="Earlier")
    nia = make("Person", tenant_id=own, given_name="Nia", family_name="Novak")
    make("Activity", tenant_id=own, person=nia, title="t", kind="video", minutes=5, created_at=now, updated_at=now)
    facts = dict(tenant_id=own, kind="video", modality="self_paced", created_at=now, updated_at=now)
    resources = [make("Resource", title=title, **facts) for title in ("First", "Then")]
    pathway = make("Pathway", tenant_id=own, title="A start", version=3, created_at=now, updated_at=now)
    make("Pathway", tenant_id=own, title="Empty", state="retired", created_at=now, updated_at=now)
    for position, resource in zip((2, 5), resources):
        facts = dict(tenant_id=own, pathway=pathway, resource=resource, outcome=resource.title)
        make("PathwayStep", position=position, **facts)
assert install.missing(connection) == [] and len(install.present(connection)) > 100
"""
_LOOK = """
import django
django.setup()
from django.db import IntegrityError, connection
from lantern import models as tables
from lantern.kernel import tenancy
from lantern.kernel.database import install
assert install.missing(connection) == []
with tenancy.unscoped("test"):
    activity = tables.Activity.objects.select_related("person").get()
    assert (activity.person.given_name, activity.minutes, activity.from_before) == ("Nia", 5, False)
    assert tables.Organisation.objects.get().name == "Earlier"
    ids = {row.title: row.pk for row in tables.Resource.objects.all()}
    pathway, empty = (tables.Pathway.objects.get(title=title) for title in ("A start", "Empty"))
    assert (pathway.version, pathway.state, pathway.draft, empty.state) == (3, "offered", None, "retired")
    parts = [
        {"key": key, "routes": [str(ids[title])], "outcome": title} for key, title in (("s1", "First"), ("s2", "Then"))
    ]
    version = pathway.versions.get()
    assert (version.number, version.structure) == (3, {"key": "top", "rule": "all in order", "parts": parts})
    steps = [(row.key, row.position, row.route, row.resource_id) for row in version.steps.order_by("position")]
    assert steps == [("s1", 1, 0, ids["First"]), ("s2", 2, 0, ids["Then"])]
    assert empty.versions.get().structure["parts"] == []
print("whole")
"""


def run(data: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python on an installation of its own."""
    place = {"LANTERN_DATA": str(data), "LANTERN_DEMO": "yes", "DJANGO_SETTINGS_MODULE": "lantern.config.settings"}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=os.environ | place | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def test_an_earlier_database_with_guards_and_rows_is_brought_up_to_date(tmp_path: Path) -> None:
    filled = run(tmp_path, "-c", _FILL.format(earlier=EARLIER))
    assert filled.returncode == 0, filled.stderr[-2000:]
    up = run(tmp_path, "-c", "from lantern.cli import main; import sys; sys.exit(main())", "setup", "--migrate-only")
    assert up.returncode == 0, up.stderr[-2000:] + up.stdout[-2000:]
    looked = run(tmp_path, "-c", _LOOK)
    assert looked.stdout.strip() == "whole", looked.stderr[-2000:]
