"""`lantern audit`: a whole trail passes, a tampered one exits with 1 and names the row, private acts are not listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, as_
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
