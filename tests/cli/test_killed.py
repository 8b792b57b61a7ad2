"""The short form of `make faults`: web and worker are killed under load and the disk is filled, and nothing is lost,
doubled or half done (trust.md A1, A3, A9, A10).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.cli.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.requirement("N4")]


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="it runs on SQLite, once")
def test_killed_under_load_and_with_a_full_disk_nothing_is_lost_or_doubled() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.faults", "--rounds", "2"], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["rows"] == found["events"] == found["audit rows"] == found["forms"] >= 12
    assert found["errors logged"] > 0, "the disk was never full"
    assert found["sent again"] > 0, "somebody got no answer, or nothing was tried"
