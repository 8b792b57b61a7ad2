"""Planning together in the demo district, with JavaScript and without: as equals, and with a coach who proposes."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.browser.conftest import Visitor
from tests.browser.walking import fill, follow, nothing_broke, press, reads

pytestmark = pytest.mark.browser
WITHOUT_SCRIPTS: list[Any] = []
SHOTS = os.environ.get("LANTERN_SHOTS", "")


@pytest.fixture(params=["visitor", "visitor_without_scripts"])
def walker(request: Any) -> Visitor:
    """The same walk twice: with JavaScript, then without."""
    found: Visitor = request.getfixturevalue(request.param)
    if request.param == "visitor_without_scripts":
        WITHOUT_SCRIPTS.append(found.page.context)
    return found


def become(walker: Visitor, name: str) -> None:
    """Somebody else sits down at this browser."""
    walker.page.context.clear_cookies()
    walker.sign_in(name)


def looks_right(walker: Visitor, name: str) -> None:
    """No barrier at either width (which axe needs scripts to say) and nothing wider than a small phone; a picture where
    somebody asks for one.
    """
    for width in (1280, 320):
        walker.page.set_viewport_size({"width": width, "height": 900})
        assert walker.overflow() <= 0, name
        assert walker.page.context in WITHOUT_SCRIPTS or walker.barriers() == [], name
        if SHOTS:
            walker.page.screenshot(path=Path(SHOTS) / f"{name}_{width}.png", full_page=True)
    walker.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.requirement("C.7")
def test_a_teacher_and_her_principal_plan_as_equals(walker: Visitor, request: Any) -> None:
    title = f"Quiet corners {request.node.callspec.params['walker'].replace('_', ' ')}"
    page = walker.page
    walker.sign_in("Elena Marsh")
    walker.open("/together/plans/")
    looks_right(walker, "joint_list")
    follow(page, "Calm starts, the same in every room")
    reads(page, "This week", "Say what we keep", "Bring it back")
    looks_right(walker, "joint_plan")
    follow(page, "History")
    reads(page, "changed “Watch one another begin a lesson”", "Minutes: 20 → 30")
    looks_right(walker, "joint_history")
    walker.open("/together/plans/")
    follow(page, "Start a plan")
    fill(page, title=title, why="Children need one.")
    press(page, "Start it")
    fill(page, q="Raman")
    press(page, "Find")
    looks_right(walker, "joint_people")
    page.locator("main li", has_text="Priya Raman").get_by_role("button").click()
    reads(page, "Asked. They find it in their inbox.")
    where = page.url.replace("/people/", "/")
    become(walker, "Priya Raman")
    walker.open("/together/")
    follow(page, "Joint plans")
    follow(page, title)
    reads(page, "Children need one.")
    looks_right(walker, "joint_invitation")
    press(page, "Take part")
    follow(page, "Add a step")
    fill(page, title="Look at our rooms", minutes=30)
    looks_right(walker, "joint_step")
    press(page, "Add it")
    reads(page, "“Look at our rooms” is in the plan.")
    follow(page, "Change the words")
    fill(page, title=f"{title}, in every room")
    press(page, "Save")
    become(walker, "Elena Marsh")
    page.goto(where)
    reads(page, f"{title}, in every room", "Look at our rooms")
    press(page, "Put my part into my own weeks")
    reads(page, "in your own weeks")
    walker.open("/grow/plan/")
    reads(page, "Look at our rooms")
    nothing_broke(walker)


@pytest.mark.requirement("B.4")
def test_a_coach_proposes_changes_and_she_takes_her_own_version(walker: Visitor, request: Any) -> None:
    title = f"See me begin {request.node.callspec.params['walker']}"
    page = walker.page
    walker.sign_in("Dana Whitfield")
    walker.open("/together/")
    follow(page, "Elena Marsh")
    follow(page, "Propose changes to the plan")
    fill(page, title_0=title, lasts_0=25, reason_0="You asked for it")
    looks_right(walker, "plan_propose")
    press(page, "Propose it")
    reads(page, "Proposed. Elena Marsh decides what becomes of it.")
    become(walker, "Elena Marsh")
    walker.open("/together/")
    follow(page, "Changes to your plan")
    reads(page, f"Put “{title}” (25 minutes) into the first week with room")
    looks_right(walker, "plan_proposal")
    fill(page, title_0=f"Mine: {title}")
    press(page, "Take up what is ticked")
    reads(page, "Taken up. Your plan is changed.", f"Mine: {title}")
    looks_right(walker, "plan_proposal_done")
    become(walker, "Dana Whitfield")
    walker.open("/together/")
    follow(page, "Elena Marsh")
    follow(page, "Changes to your plan")
    reads(page, "What became of it", f"Mine: {title}")
    nothing_broke(walker)


@pytest.mark.requirement("B.1")
@pytest.mark.parametrize(("paper", "width"), [("A4", 718), ("Letter", 740)])
def test_the_plan_prints_as_one_document_with_no_word_cut_off(visitor: Visitor, paper: str, width: int) -> None:
    """On paper of either size nothing is wider than the page, nothing scrolls, and no button is on it."""
    visitor.sign_in("Elena Marsh")
    page = visitor.open("/grow/plan/print/")
    reads(page, "Professional learning plan", "Where it stands", "Where it leads")
    ticks = page.locator("main input[name=tried]")
    if ticks.count():
        ticks.first.check()
        press(page, "Show it so")
        reads(page, "Tried in class")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": width, "height": 1000})
    cut = page.evaluate(
        """[...document.querySelectorAll("main, main *")].filter(e => e.offsetParent !== null &&
           getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1 &&
           !e.classList.contains("sr-only")).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert cut == [] and visitor.overflow() <= 0
    assert page.locator("main form:visible, main .ui-btn:visible").count() == 0
    made = page.pdf(format=paper, print_background=False, path=Path(SHOTS) / f"plan_{paper}.pdf" if SHOTS else None)
    with pikepdf.open(io.BytesIO(made)) as document:
        assert 1 <= len(document.pages) < 12
        assert int(document.pages[0].mediabox[2]) == {"A4": 595, "Letter": 612}[paper]
    nothing_broke(visitor)
