"""Coach and coordinator at their work in the demo district, with JavaScript and without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Visitor
from tests.browser.walking import fill, follow, in_days, nothing_broke, press, reads
from tests.interop.roster_factory import write_roster

pytestmark = pytest.mark.browser


@pytest.fixture(params=["visitor", "visitor_without_scripts"])
def walker(request: Any) -> Visitor:
    """The same walk twice: with JavaScript, then without."""
    found: Visitor = request.getfixturevalue(request.param)
    return found


def become(walker: Visitor, name: str) -> None:
    """Somebody else sits down at this browser."""
    walker.page.context.clear_cookies()
    walker.sign_in(name)


@pytest.mark.requirement("B.4")
def test_a_coach_reads_what_is_shared_and_proposes(walker: Visitor, request: Any) -> None:
    title = f"Wait three seconds {request.node.callspec.params['walker']}"
    page = walker.page
    walker.sign_in("Dana Whitfield")
    walker.open("/together/")
    follow(page, "Elena Marsh")
    follow(page, "Goal 1")
    reads(page, "Every child explains their thinking in number talks", "Elena Marsh sees that you opened this.")
    follow(page, "Back to Elena Marsh")
    follow(page, "Propose a goal")
    fill(page, title=title, measure="Pauses in a lesson", baseline="2", target="6", due_on=in_days(40))
    press(page, "Propose it")
    reads(page, "Proposed. Elena Marsh decides what becomes of it.")
    become(walker, "Elena Marsh")
    walker.open("/account/privacy/")
    reads(page, "Dana Whitfield", "Coaching")
    walker.open("/together/")
    follow(page, title)
    follow(page, "Write it in your own words")
    fill(page, title=f"Mine: {title}")
    press(page, "Take it up like this")
    reads(page, "Both versions are kept.", f"Mine: {title}", title)
    become(walker, "Dana Whitfield")
    walker.open("/together/")
    follow(page, "Elena Marsh")
    assert f"Mine: {title}" not in page.content()
    nothing_broke(walker)


def test_a_coordinator_tells_and_aims(walker: Visitor, request: Any) -> None:
    mode = request.node.callspec.params["walker"]
    page = walker.page
    walker.sign_in("Samuel Ortiz")
    walker.open("/lead/announcements/new/")
    fill(page, title=f"Choose your day, {mode}", body="On *3 March* you choose.")
    press(page, "Publish")
    reads(page, f"Choose your day, {mode}", "On 3 March you choose.")
    walker.open("/lead/initiatives/new/")
    fill(page, title=f"Every voice, {mode}", begins_on=in_days(0), ends_on=in_days(100))
    press(page, "Publish")
    reads(page, "Your aim is published.", f"Every voice, {mode}")
    walker.open("/lead/days/")
    reads(page, "What groups ask for", "Cedar Hill", "votes")
    become(walker, "Marcus Bell")
    walker.open("/home/announcements/")
    follow(page, f"Choose your day, {mode}")
    reads(page, "On 3 March you choose.")
    nothing_broke(walker)


def test_a_roster_of_another_district_is_read_and_told_without_a_reload(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    visitor.sign_in("Samuel Ortiz")
    visitor.open("/manage/imports/new/")
    page.locator("[name=kind][value=roster]").check()
    page.locator("[name=upload]").set_input_files(write_roster(tmp_path / "roster.zip"))
    press(page, "Read the file")
    page.get_by_text("This file cannot be used").wait_for(timeout=60_000)
    reads(page, "Nothing was changed.")
    nothing_broke(visitor)
