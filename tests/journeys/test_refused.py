"""Nobody's rank opens or edits a novice's plan, and a form sent twice acts once (P1.2, P2.6)."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lantern.kernel.ids import uuid7
from tests.cast import Cast
from tests.journeys.conftest import Door
from tests.journeys.forms import Browser
from tests.journeys.test_novice import GOAL, set_goal

pytestmark = pytest.mark.django_db

SECRET = "Only mine: I dread the last lesson"


def lives(nia: Browser, cast: Cast) -> dict[str, str]:
    """A need, a goal, something planned, a reflection with a file; the addresses they have."""
    nia.open("/grow/needs/words/").press("See what fits", words=SECRET).press("Keep just my words")
    goal = set_goal(nia, cast, why=SECRET)
    activity = nia.open("/learn/outside/").press("Add it", title=f"Course. {SECRET}", kind="course", minutes=30)
    plan = nia.open("/grow/plan/")
    move = re.findall(r"/grow/plan/items/[0-9a-f-]+/move/", plan.html)[0]
    need = re.findall(r"/grow/needs/[0-9a-f-]+/end/", nia.open("/grow/needs/").html)[0]
    reflection = activity.press("Done").go("Reflect").press("Save", takeaway=SECRET, minutes=30)
    file = reflection.go("Add a file").press("Keep this file", upload=SimpleUploadedFile("a.txt", SECRET.encode()))
    return {
        "goal": goal.path, "activity": activity.path, "reflection": reflection.path, "move": move, "need": need,
        "remove": move.replace("move", "remove"), "file": file.link("a.txt"),
        "save": nia.open(file.link("a.txt")).link("Save a copy"),
    }  # fmt: skip


@pytest.mark.requirement("P1.2")
@pytest.mark.requirement("P2.6")
def test_no_rank_reads_or_edits_a_novices_plan(riverbend: Cast, door: Door) -> None:
    nia = door(riverbend.novice)
    paths = lives(nia, riverbend)
    before = {path: nia.open(path).text for path in ("/grow/plan/", "/grow/needs/", paths["goal"], paths["reflection"])}
    for rank in ("principal", "coordinator", "operator", "official", "coach", "expert", "outsider"):
        other = door(getattr(riverbend, rank))
        for name in ("goal", "activity", "reflection", "file", "save"):
            page = other.open(paths[name])
            assert page.status == 404, name
            page.silent(SECRET)
        acts = {
            paths["move"]: {"week": "none"}, paths["remove"]: {}, paths["need"]: {"state": "met"},
            paths["goal"] + "edit/": {"title": "Be on time", "measure": "m", "baseline": "1", "target": "2"},
            paths["goal"] + "end/": {"state": "let_go"}, paths["goal"] + "check/": {"value": "0"},
            paths["activity"] + "progress/": {"percent": "5"},
            paths["reflection"] + "answer/": {"outcome": "did_not_work"},
            paths["file"] + "remove/": {},
        }  # fmt: skip
        for path, sent in acts.items():
            answer = other.forge(path, "/home/", idempotency_key=str(uuid7()), **sent)
            assert answer.status == 404, path
            answer.silent(SECRET)
    assert {path: nia.open(path).text for path in before} == before
    assert GOAL in before[paths["goal"]]


@pytest.mark.requirement("P2.6")
def test_no_page_a_rank_can_reach_holds_her_words(riverbend: Cast, door: Door) -> None:
    lives(door(riverbend.novice), riverbend)
    for rank in ("principal", "coordinator", "operator", "official"):
        other = door(getattr(riverbend, rank))
        assert reach(other) > 12, rank
        found = other.open("/learn/").press("Search", q="dread the last lesson")
        assert found.status == 200
        assert "Course. Only mine" not in found.html


def reach(browser: Browser) -> int:
    """Follow every link from home that stays inside; none may lead to her words. Return how many pages there were."""
    queue = ["/home/"]
    seen: set[str] = set()
    while queue and len(seen) < 60:
        path = queue.pop(0)
        seen.add(path)
        for _, href in browser.open(path).silent(SECRET).links:
            address = href.partition("#")[0]
            inside = address.startswith("/") and not address.startswith(("/static/", "/sign-in/", "/learn/?"))
            if inside and address not in seen and address not in queue:
                queue.append(address)
    return len(seen)


def test_a_form_without_its_token_is_refused(riverbend: Cast, door: Door) -> None:
    nia = door(riverbend.novice)
    answer = nia.client.post("/grow/goals/new/", {"title": "x"})
    assert answer.status_code == 403
    assert "Please go back and send it again" in answer.content.decode()


def test_somebody_not_signed_in_is_led_to_the_door(riverbend: Cast) -> None:
    for path in ("/home/", "/grow/plan/", "/lead/days/", "/manage/people/", "/portfolio/transcript.pdf"):
        page = Browser().open(path)
        assert page.path.startswith("/sign-in/login/"), path
