"""`lantern audit`: a whole trail passes, a tampered one exits with 1 and names the row, private acts are not listed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, as_
from tests.cli.conftest import ROOT, as_program
from tests.kernel.test_audit import ROWS, as_superuser, fill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def anchors_of_its_own(settings: Any, tmp_path: Path) -> None:
    """Anchors of a test go away with it."""
    settings.LANTERN_AUDIT = tmp_path / "audit"


def test_a_whole_trail_passes_and_a_cut_one_fails_against_its_anchor(
    cast: Cast, lantern: Any, settings: Any, tmp_path: Path
) -> None:
    fill(cast.district.pk)
    said = lantern("audit", "verify")
    assert said.code == 0 and "none to compare with" in said.out
    printed = lantern("audit", "anchor").out
    assert len(printed.splitlines()) == 2
    said = lantern("audit", "verify")
    assert said.code == 0 and f"Riverbend    {ROWS} rows, 1 anchor" in said.out
    sheet = tmp_path / "typed.txt"
    sheet.write_text(printed)
    with as_superuser("lantern_auditrecord") as cursor:
        cursor.execute("DELETE FROM lantern_auditrecord WHERE sequence = %s", [ROWS])
        said = lantern("audit", "verify", "--anchor", str(sheet))
        assert said.code == 1
        assert f"row {ROWS}: the chain ends before its anchor" in said.out
        assert cast.district.pk.hex in said.out
    with as_superuser("lantern_doorrecord") as cursor:
        cursor.execute("UPDATE lantern_doorrecord SET status = 200 WHERE sequence = 7")
        said = lantern("audit", "verify")
        assert said.code == 1 and "the door" in said.out and "row 7: a row was altered" in said.out


def test_a_file_that_is_no_anchor_is_refused(cast: Cast, lantern: Any, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("{}\n")
    said = lantern("audit", "verify", "--anchor", str(tmp_path / "x"))
    assert said.code == 1 and "line 1" in said.err


def test_offices_are_listed_and_private_acts_are_not(cast: Cast, lantern: Any) -> None:
    as_(Client(), cast.novice).post(reverse("account:comfort"), {"theme": "dark"})
    as_(Client(), cast.novice).get(reverse("manage:people"))
    as_(Client(), cast.operator).post(reverse("manage:terms"), {"scheme": "topic", "label": "Talk"})
    Client(REMOTE_ADDR="192.0.2.1").post(reverse("grow:goals_new"))
    said = lantern("audit", "list", "--tenant", "Riverbend")
    assert "manage:terms" in said.out and str(cast.operator.pk) in said.out
    assert "account:comfort" not in said.out
    assert "manage:terms" not in lantern("audit", "list", "--tenant", "Riverbend", "--outcome", "denied").out
    assert "manage:" not in lantern("audit", "list", "--tenant", "Riverbend", "--since", "2100-01-01").out
    of_nia = lantern("audit", "list", "--tenant", "Riverbend", "--person", str(cast.novice.pk)).out
    assert "manage:people" in of_nia and "manage:terms" not in of_nia
    at_door = lantern("audit", "list", "--door").out
    assert "grow:goals_new" in at_door and "192.0.2.1" not in at_door


_ACTS = """
import django; django.setup()
from django.test import Client
from django.conf import settings
settings.ALLOWED_HOSTS = ["*"]
import sys
for number in range(5):
    assert Client(REMOTE_ADDR=f"192.0.{sys.argv[1]}.{number}").post("/grow/goals/new/").status_code == 403
"""


@pytest.mark.slow
def test_a_restored_trail_is_whole_and_the_anchors_of_what_was_set_aside_go_with_it(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup.tar.gz"

    def act(where: str) -> None:
        environment = os.environ | {
            "LANTERN_DATA": str(data), "LANTERN_DEMO": "yes", "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "lantern.config.settings",
        }  # fmt: skip
        environment.pop("DATABASE_URL", None)
        subprocess.run([sys.executable, "-c", _ACTS, where], env=environment, check=True, capture_output=True)

    assert as_program(data, "setup").code == 0
    act("2")
    sheet = tmp_path / "anchor.txt"
    sheet.write_text(as_program(data, "audit", "anchor").out)
    assert as_program(data, "backup", backup).code == 0
    assert as_program(tmp_path / "new", "restore", backup).code == 0
    said = as_program(tmp_path / "new", "audit", "verify", "--anchor", sheet)
    assert said.code == 0 and "5 rows, 1 anchor" in said.out
    act("3")
    assert as_program(data, "audit", "anchor").code == 0
    assert as_program(data, "restore", backup, "--force").code == 0
    assert as_program(data, "audit", "verify", "--anchor", sheet).code == 0
    (aside,) = data.glob("before-restore-*/audit/anchors.jsonl")
    said = as_program(data, "audit", "verify", "--anchor", aside)
    assert said.code == 1 and "row 6: the chain ends before its anchor" in said.out
