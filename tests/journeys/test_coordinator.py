"""A coordinator brings the staff in, tells them something, publishes an aim, and hears what groups ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lantern.domain.people.models import Organisation
from lantern.kernel import tenancy
from tests.cast import Cast
from tests.interop.roster_factory import roster_files, write_roster
from tests.journeys.conftest import Door
from tests.journeys.test_novice import in_days, set_goal
from tests.journeys.worker import work

pytestmark = pytest.mark.django_db

SECRET = "I am afraid of parents' evenings"


@pytest.fixture
def harbor(riverbend: Cast) -> Cast:
    """The district bears the number that the roster names."""
    with tenancy.unscoped("test"):
        Organisation.objects.filter(pk=riverbend.district.pk).update(identifier="D1")
    return riverbend


def test_a_roster_is_tried_and_then_carried_out(harbor: Cast, door: Door, tmp_path: Path) -> None:
    dana = door(harbor.coordinator)
    content = write_roster(tmp_path / "roster.zip", roster_files(staff=20, students=5)).read_bytes()
    form = dana.open("/manage/").go("Import a file")
    run = form.press("Read the file", kind="roster", upload=SimpleUploadedFile("roster.zip", content))
    run.says("roster.zip", "Waiting to start")
    work()
    tried = dana.open(run.path)
    tried.says("This is a preview", "Nothing has changed yet", "5 students")
    assert "harbor.example" not in dana.open("/manage/people/").html
    begun = tried.press_twice("Carry out")
    work()
    dana.open(begun.path).says("Carried out", "entries changed")
    dana.open("/manage/people/?q=t5@harbor.example").says("t5@harbor.example")
    again = dana.open("/manage/imports/new/").press(
        "Read the file", kind="roster", upload=SimpleUploadedFile("roster.zip", content)
    )
    work()
    dana.open(again.path).says("Nothing would change").silent("Carry out")
    assert door(harbor.outsider).open(run.path).status == 404
    assert door(harbor.novice).open(run.path).status == 403


@pytest.mark.requirement("P1.2")
def test_a_groups_top_need_reaches_those_who_plan_days_and_no_private_one_ever(riverbend: Cast, door: Door) -> None:
    nia, elena, pat, dana = (
        door(person) for person in (riverbend.novice, riverbend.expert, riverbend.para, riverbend.coordinator)
    )
    nia.open("/grow/needs/words/").press("See what fits", words=SECRET).press("Keep just my words")
    asks = nia.open("/together/group-needs/").press_twice("Put it up", title="Time to watch each other teach")
    assert asks.text.count("Time to watch each other teach") == 3  # the need, and its two buttons for a screen reader
    elena.open("/together/group-needs/").press("Put it up", title="Quieter corridors")
    elena.open("/together/group-needs/").press_twice("We need this", "Time to watch").says("2 votes")
    pat.open("/together/group-needs/").press("We need this", "Time to watch").says("3 votes").silent("Nia Young")
    days = dana.open("/lead/days/")
    days.says("Alder School", "3 votes", "1 vote")
    assert days.text.index("Time to watch each other teach") < days.text.index("Quieter corridors")
    days.silent(SECRET, "Nia Young", "Elena Ruiz", "Pat Lee")
    told = days.press_twice("Answer and close", "Time to watch", answer="Two visits on 3 March.")
    told.says("You said, we did", "Two visits on 3 March.")
    nia.open("/together/group-needs/").says("You said, we did", "Two visits on 3 March.")
    for path in ("/lead/", "/lead/days/", "/manage/", "/manage/people/", "/manage/audit/", "/home/"):
        dana.open(path).silent(SECRET)


@pytest.mark.requirement("P1.5")
def test_an_announcement_and_an_aim_reach_the_staff_and_overwrite_nothing(riverbend: Cast, door: Door) -> None:
    dana, nia = door(riverbend.coordinator), door(riverbend.novice)
    form = dana.open("/lead/announcements/new/")
    said = {"title": "A day of your own choice", "body": "On **3 March** you choose."}
    place = next(value for value, words in form.find("Publish")[0].choices("organisation_id") if "Riverbend" in words)
    news = form.press_twice("Publish", organisation_id=place, **said)
    news.says("A day of your own choice", "3 March")
    page = nia.open("/home/").go("A day of your own choice")
    assert page.path == news.path
    page.says("On 3 March you choose.")
    assert nia.open("/home/announcements/").text.count("A day of your own choice") == 1
    assert door(riverbend.outsider).open(news.path).status == 404
    aims = dana.open("/lead/initiatives/new/").press_twice(
        "Publish", organisation_id=place, title="Every child heard", summary="More voices.",
        begins_on=in_days(0), ends_on=in_days(200),
    )  # fmt: skip
    aims.says("Your aim is published.")
    aims = dana.open("/lead/initiatives/")
    assert len([words for words, _ in aims.links if words == "Every child heard"]) == 1
    form = nia.open("/grow/goals/new/")
    aim = next(
        value for value, words in form.find("Set this goal")[0].choices("initiative_id") if words == "Every child heard"
    )
    goal = set_goal(nia, riverbend, initiative_id=aim)
    shown = dana.open(aims.link("Every child heard"))
    shown.says("Every child heard").silent("My quiet children talk mathematics", "Nia Young")
    change = next(href for words, href in aims.links if "Change" in words and "Every child heard" in words)
    dana.open(change).press_twice("Take back this aim").silent("Every child heard")
    after = nia.open(goal.path)
    assert after.status == 200
    after.says("My quiet children talk mathematics", "Children who explain their thinking")
