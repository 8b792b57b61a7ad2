"""A novice and an expert go once round the loop in a real browser, with JavaScript and without."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visitor
from tests.browser.walking import fill, follow, in_days, nothing_broke, press, reads

pytestmark = pytest.mark.browser

WALKERS = ("visitor", "visitor_without_scripts")


@pytest.fixture(params=WALKERS)
def walker(request: Any) -> Visitor:
    """The same walk twice: with JavaScript, then without."""
    found: Visitor = request.getfixturevalue(request.param)
    return found


@pytest.mark.requirement("C.2")
@pytest.mark.requirement("A.6")
@pytest.mark.requirement("B.1")
@pytest.mark.parametrize(("name", "wish"), [("Nadia", "calm transitions"), ("Elena", "mentoring a new colleague")])
def test_once_round_the_loop(walker: Visitor, request: Any, name: str, wish: str) -> None:
    walker.sign_in(name)
    title = f"{wish} ({request.node.callspec.params['walker']})"
    starts_when_new(walker)
    says_a_need(walker, wish)
    sets_a_goal(walker, title)
    what = plans_what_is_suggested(walker, title)
    learns_and_reflects(walker, what)
    nothing_broke(walker)


def starts_when_new(walker: Visitor) -> None:
    """The two-minute start, where somebody is new."""
    page = walker.open("/home/")
    if page.get_by_role("link", name="Tell Lantern what suits you").count():
        follow(page, "Tell Lantern what suits you")
        page.get_by_label("40 minutes", exact=True).check()
        press(page, "Show my first suggestions")
    reads(page, "Chosen for you")


def says_a_need(walker: Visitor, wish: str) -> None:
    """In her own words."""
    page = walker.open("/grow/needs/words/")
    fill(page, words=f"I would like to get better at {wish}")
    press(page, "See what fits")
    press(page, "Keep just my words")
    reads(page, f"I would like to get better at {wish}", "Only you can see them.")


def sets_a_goal(walker: Visitor, title: str) -> None:
    """Refused without a measure, taken with one; nothing that was written is lost."""
    page = walker.open("/grow/goals/new/")
    fill(page, title=title, baseline="2", target="8", due_on=in_days(50))
    press(page, "Set this goal")
    reads(page, "A goal needs a measure")
    assert page.locator("[name=title]").input_value() == title
    fill(page, measure="Lessons in two weeks, of 10")
    press(page, "Set this goal")
    reads(page, "Your goal is set. Only you can see it.", title)


def plans_what_is_suggested(walker: Visitor, title: str) -> str:
    """The first suggestion of at least half an hour goes into the plan, for that goal."""
    page = walker.open("/home/suggestions/?all=1")
    cards = page.locator("#chosen article.home-scored")
    long_enough = (
        cards.nth(place)
        for place in range(cards.count())
        if minutes_of(cards.nth(place).inner_text()) in range(30, 600)
    )
    link = next(long_enough).get_by_role("link").first
    what = link.inner_text().strip()
    link.click()
    page.wait_for_load_state()
    reads(page, what, "Will it count?")
    page.locator("[name=goal_id]").select_option(label=title)
    press(page, "Add to my plan")
    reads(page, "It is in your plan")
    walker.open("/grow/plan/")
    reads(page, what)
    return what


def minutes_of(card: str) -> int:
    """How long something takes, as its card says; 0 where it does not."""
    found = re.search(r"([\d,]+) min", card)
    return int(found[1].replace(",", "")) if found else 0


def learns_and_reflects(walker: Visitor, what: str) -> None:
    """Done, a class and a day, hours, the record on screen and on paper."""
    page = walker.open("/grow/plan/")
    follow(page, what)
    press(page, "Done", exact=True)
    reads(page, "Take a moment to reflect")
    follow(page, "Reflect")
    fill(page, takeaway="Begin with one quiet minute.", try_class="Grade 4", try_on=in_days(1), minutes=30)
    press(page, "Save")
    reads(page, "0.50 hours earned", "Lantern asks afterwards how it went")
    walker.open("/portfolio/transcript/")
    reads(page, what)
    pdf = page.request.get(f"{walker.site}/portfolio/transcript.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body().startswith(b"%PDF")


@pytest.mark.requirement("P2.4")
def test_a_sunday_webinar_is_logged(walker: Visitor, request: Any) -> None:
    walker.sign_in("Elena")
    title = f"Sunday webinar {request.node.callspec.params['walker']}"
    page = walker.open("/learn/outside/")
    fill(page, title=title, minutes=60, happened_on=in_days(-3))
    page.locator("[name=act][value=done]").check()
    press(page, "Add it")
    reads(page, "Logged.", "What is missing:")
    follow(page, "Reflect")
    fill(page, takeaway="Strips before numerals.")
    press(page, "Save")
    follow(page, "Add a file")
    proof = {"name": "proof.txt", "mimeType": "text/plain", "buffer": f"I was there: {title}".encode()}
    page.locator("[name=upload]").set_input_files(proof)  # type: ignore[arg-type]
    press(page, "Keep this file")
    reads(page, "1.00 hours earned", "proof.txt")
    nothing_broke(walker)


@pytest.mark.requirement("A.1")
def test_novice_and_expert_are_not_sent_to_the_same_first_thing(visitor: Visitor) -> None:
    assert first_of(visitor, "Nadia") != first_of(visitor, "Elena")


def first_of(visitor: Visitor, name: str) -> str:
    """The first suggestion somebody has, with the reason for it."""
    visitor.page.context.clear_cookies()
    visitor.sign_in(name)
    starts_when_new(visitor)
    page: Page = visitor.open("/home/suggestions/")
    card = page.locator("#chosen article").first
    assert "Because" in card.inner_text()
    return card.get_by_role("link").first.inner_text().strip()
