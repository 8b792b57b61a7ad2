"""A file uploaded, tried, shown and carried out; what a damaged, foreign or repeated one meets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lantern.domain.people.models import ImportRun, Organisation, Person
from lantern.flows import imports
from lantern.kernel import jobs, tenancy
from lantern.kernel.errors import Invalid
from lantern.kernel.ids import uuid7
from lantern.kernel.jobs.models import Job
from tests.cast import Cast, as_, system_of
from tests.interop.roster_factory import roster_files, write_roster


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, settings: Any) -> None:
    settings.LANTERN_UPLOADS = tmp_path / "uploads"


@pytest.fixture
def riverbend(cast: Cast) -> Cast:
    with tenancy.unscoped("test"):
        Organisation.objects.filter(pk=cast.district.pk).update(identifier="D1")
    return cast


def text(response: Any) -> str:
    return str(response.content.decode())


def roster(tmp_path: Path, **shape: Any) -> bytes:
    return write_roster(tmp_path / "roster.zip", roster_files(version="1.1", **shape)).read_bytes()


def send(client: Client, content: bytes, name: str = "roster.zip", kind: str = "roster") -> Any:
    fields = {"idempotency_key": str(uuid7()), "kind": kind, "upload": SimpleUploadedFile(name, content)}
    return client.post(reverse("manage:imports_new"), fields)


def work() -> None:
    with tenancy.unscoped("test"):
        waiting = list(Job.objects.filter(name=imports.JOB, state="waiting").order_by("created_at"))
    for job in waiting:
        jobs.run(str(job.pk))


def test_a_roster_is_previewed_then_carried_out_then_changes_nothing(
    riverbend: Cast, client: Client, tmp_path: Path
) -> None:
    as_(client, riverbend.coordinator)
    sent = send(client, roster(tmp_path))
    assert sent.status_code == 303
    here = sent.headers["Location"]
    assert "Waiting to start" in text(client.get(here))
    assert "ui-job" in text(client.get(here, headers={"HX-Request": "true"}))
    work()
    assert client.get(here, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = text(client.get(here))
    assert "This is a preview" in page
    with tenancy.unscoped("test"):
        assert not Person.objects.filter(source="roster").exists()
        preview = ImportRun.objects.get()
    carry = reverse("manage:imports_carry_out", args=[preview.pk])
    begun = client.post(carry, {"idempotency_key": str(uuid7())})
    assert begun.status_code == 303
    assert client.post(carry, {"idempotency_key": str(uuid7())}).status_code == 409
    work()
    assert "Carried out" in text(client.get(begun.headers["Location"]))
    with tenancy.unscoped("test"):
        assert Person.objects.filter(source="roster", tenant_id=riverbend.district.pk).count() == 20
    again = send(client, roster(tmp_path)).headers["Location"]
    work()
    page = text(client.get(again))
    assert "Nothing would change" in page
    assert "Carry out" not in page
    assert "roster.zip" in text(client.get(reverse("manage:imports")))
    assert "roster.zip" in text(client.get(reverse("manage:overview")))


def test_a_file_with_half_the_people_needs_a_second_word(riverbend: Cast, client: Client, tmp_path: Path) -> None:
    as_(client, riverbend.operator)
    for staff, allow in ((20, {}), (10, {}), (10, {"most_removed": "yes"})):
        here = send(client, roster(tmp_path, staff=staff)).headers["Location"]
        work()
        page = text(client.get(here))
        run_id = here.strip("/").split("/")[-1]
        fields = {"idempotency_key": str(uuid7())} | allow
        begun = client.post(reverse("manage:imports_carry_out", args=[run_id]), fields).headers["Location"]
        work()
        outcome = text(client.get(begun))
        if staff == 20:
            assert "Carried out" in outcome
        elif not allow:
            assert "this many are meant to end" in page
            assert "10 of 20 people" in outcome
            assert "Not carried out" in outcome
    with tenancy.unscoped("test"):
        assert Person.objects.filter(source="roster", active=True).count() == 10


def test_wrong_rows_are_listed_with_their_number(riverbend: Cast, client: Client, tmp_path: Path) -> None:
    files = roster_files(version="1.1")
    files["users.csv"] = files["users.csv"].replace(b",true,", b",perhaps,", 1)
    here = send(as_(client, riverbend.operator), write_roster(tmp_path / "x.zip", files).read_bytes()).headers[
        "Location"
    ]
    work()
    page = text(client.get(here))
    assert "Rows that were not used" in page
    assert "is neither true nor false" in page


@pytest.mark.parametrize(
    ("content", "name", "kind", "words"),
    [
        (b"x", "roster.exe", "roster", "ends in .zip"),
        (b"", "roster.zip", "roster", "empty"),
        (b"x", "roster.zip", "king", "Select a valid choice"),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused_at_the_form(
    cast: Cast, client: Client, content: bytes, name: str, kind: str, words: str
) -> None:
    answer = send(as_(client, cast.operator), content, name, kind)
    assert answer.status_code == 422
    assert words in text(answer)
    with tenancy.unscoped("test"):
        assert not ImportRun.objects.exists()


def test_a_file_that_is_no_zip_or_another_districts_is_told_and_changes_nothing(
    cast: Cast, client: Client, tmp_path: Path
) -> None:
    as_(client, cast.operator)
    for content, words in ((b"no zip at all", "zip"), (roster(tmp_path), "Harbor Unified")):
        here = send(client, content).headers["Location"]
        work()
        page = text(client.get(here))
        assert "This file cannot be used" in page
        assert words in page
        with tenancy.unscoped("test"):
            stored = ImportRun.objects.latest("at").upload
        assert stored not in page and "roster.zip" in page
    with tenancy.unscoped("test"):
        assert not Person.objects.filter(source="roster").exists()


def test_a_finished_job_run_again_does_nothing(riverbend: Cast, client: Client, tmp_path: Path) -> None:
    send(as_(client, riverbend.operator), roster(tmp_path))
    work()
    with tenancy.unscoped("test"):
        job = Job.objects.get()
        Job.objects.update(state="waiting")
    jobs.run(str(job.pk))
    with tenancy.unscoped("test"):
        assert ImportRun.objects.get().outcome == "previewed"


def test_another_districts_import_does_not_exist(riverbend: Cast, client: Client, tmp_path: Path) -> None:
    here = send(as_(client, riverbend.operator), roster(tmp_path)).headers["Location"]
    as_(client, riverbend.outsider)
    assert client.get(here).status_code == 404
    assert client.post(here + "carry-out/", {"idempotency_key": str(uuid7())}).status_code == 404


def test_an_import_from_the_command_line_is_kept_account_of(riverbend: Cast, client: Client, tmp_path: Path) -> None:
    path = write_roster(tmp_path / "line.zip", roster_files(version="1.1"))
    actor = system_of(riverbend.district)
    with tenancy.within(actor.tenancy):
        report = imports.record(actor, kind="roster", path=path, dry_run=False, progress=None)
        assert report.outcome == "done"
        with pytest.raises(Invalid):
            imports.record(actor, kind="roster", path=tmp_path / "nothing.zip", dry_run=False, progress=None)
    page = text(as_(client, riverbend.operator).get(reverse("manage:imports")))
    assert "line.zip" in page
    assert "Carried out" in page
    assert "Not readable" in page


def test_rosters_frameworks_catalogs_questions_and_pathways_are_offered() -> None:
    assert imports.offers()[0].kind == "roster"
    assert {one.kind for one in imports.offers()} == {"roster", "framework", "catalog", "items", "pathways"}
