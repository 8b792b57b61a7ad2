"""What one learns on a Sunday on the sofa counts like anything else, once it is shown (P2.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lantern.kernel import clock
from tests.cast import Cast
from tests.journeys.conftest import Door

pytestmark = pytest.mark.django_db

TITLE = "Sunday webinar: talk moves"


@pytest.mark.requirement("P2.4")
@pytest.mark.requirement("C.13")
@pytest.mark.requirement("B.6")
def test_a_sunday_webinar_gets_its_verdict_its_hours_and_its_line(riverbend: Cast, door: Door) -> None:
    nia = door(riverbend.novice)
    today = clock.today()
    sunday = clock.week_start(today) - timedelta(days=1)
    form = nia.open("/learn/").go("Add something from outside")
    form.says("Learning from outside needs a file that shows you took part.")
    said = {"title": TITLE, "kind": "live_session", "minutes": 90, "provider": "A university", "act": "done"}
    refused = form.press("Add it", **said)
    assert refused.status == 422
    refused.says("Say on which day it was.")
    activity = refused.press_twice("Add it", happened_on=sunday)
    activity.says(
        TITLE, "Logged.", "It counts 1.50 hours once nothing is missing.", "What is missing:", "District hours"
    )
    assert nia.open("/portfolio/").text.count(TITLE) >= 1
    reflection = activity.go("Reflect").press("Save", takeaway="Revoicing helps everybody listen.", minutes=90)
    reflection.says("It counts 1.50 hours once nothing is missing.").silent("hours earned")
    assert (
        "0.00 hours" in nia.open("/portfolio/transcript/").text or TITLE not in nia.open("/portfolio/transcript/").text
    )
    upload = reflection.go("Add a file")
    bad = upload.press("Keep this file", upload=SimpleUploadedFile("proof.pdf", b"MZ\x90\x00 a program"))
    assert bad.status == 422
    proof = SimpleUploadedFile("proof.txt", b"Certificate of attendance for Nia Young")
    told = bad.press("Keep this file", upload=proof, kind="attendance")
    told.says("Your file is kept. 1.50 hours earned.", "proof.txt")
    record = nia.open("/portfolio/transcript/")
    record.says(TITLE, "1.50 hours in all", "Professional learning")
    file_path = told.link("proof.txt")
    save_path = nia.open(file_path).says("Only you can open it").link("Save a copy")
    assert nia.open(save_path).content == b"Certificate of attendance for Nia Young"
    for somebody in (riverbend.expert, riverbend.coach, riverbend.principal, riverbend.coordinator, riverbend.operator):
        other = door(somebody)
        for path in (file_path, save_path, activity.path, told.path):
            assert other.open(path).status == 404


def test_planned_from_elsewhere_it_stands_in_the_plan(riverbend: Cast, door: Door) -> None:
    nia = door(riverbend.novice)
    said = {"title": "College course on fractions", "kind": "course", "minutes": 40}
    activity = nia.open("/learn/outside/").press_twice("Add it", **said)
    activity.says("It is in your plan.")
    plan = nia.open("/grow/plan/")
    assert len([words for words, _ in plan.links if words == "College course on fractions"]) == 1
