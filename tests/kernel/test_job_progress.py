"""How far a job is can be seen while its one long transaction is still open; nothing is left when it is over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lantern.kernel import doors, jobs
from lantern.kernel.jobs.models import Job
from tests.cast import Cast, acting


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> Path:
    settings.LANTERN_DATA = tmp_path
    return tmp_path


def test_progress_from_inside_a_transaction_is_seen_and_goes_with_the_job(
    cast: Cast, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, str]] = []

    def long_import(actor: Any, progress: jobs.Progress) -> None:
        as_others_see_it = Job.objects.get(name="test.long")  # they read what was committed before it began
        for done in (1, 3):
            progress(done, 4, f"Step {done}")
            now = jobs.as_it_stands(as_others_see_it)
            seen.append((now.percent, now.message))

    monkeypatch.setitem(jobs._kinds, "test.long", jobs.JobKind("test.long", long_import))
    monkeypatch.setitem(doors._declared, ("job", "test.long"), doors.Door("job", "test.long", frozenset(), "nobody"))
    with acting(cast.operator) as actor:
        row = jobs.enqueue(actor, "test.long")
        assert jobs.as_it_stands(row).message == ""
    jobs.run(str(row.pk))
    assert seen == [(25, "Step 1"), (75, "Step 3")]
    assert not list(place.rglob("*.json"))


def test_a_broken_note_is_passed_over(cast: Cast, place: Path) -> None:
    row = Job(name="any", state=Job.State.RUNNING, done=1, total=2, message="Begun")
    (place / "progress").mkdir()
    (place / "progress" / f"{row.pk}.json").write_text("[1, ")
    assert (jobs.as_it_stands(row).percent, row.message) == (50, "Begun")
