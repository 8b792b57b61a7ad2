"""The plan by mouse, by keyboard alone, and in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor
from tests.browser.walking import follow, nothing_broke, press, reads, tab_to

pytestmark = pytest.mark.browser


def zones(page: Page) -> Locator:
    """The places in the plan where something can be put."""
    return page.locator("[data-drop-zone]")


def filled_zone(page: Page) -> int:
    """The number of the first place that holds something which can be moved."""
    counts = [zones(page).nth(place).locator("[data-drag-item]").count() for place in range(zones(page).count())]
    return next(place for place, count in enumerate(counts) if count)


def title_of(item: Locator) -> str:
    """What an item of the plan is called."""
    return item.locator(".ui-plan-title").inner_text().strip()


def holds(page: Page, place: int, title: str) -> None:
    """Insist that a place holds something, also after the page is read again."""
    expect(zones(page).nth(place)).to_contain_text(title)
    page.reload()
    expect(zones(page).nth(place)).to_contain_text(title)


def test_something_is_dragged_into_another_week(visitor: Visitor) -> None:
    visitor.sign_in("Elena")
    visitor.page.set_viewport_size({"width": 1280, "height": 2400})  # nothing scrolls under the mouse
    page = visitor.open("/grow/plan/")
    place = filled_zone(page)
    item = zones(page).nth(place).locator("[data-drag-item]").first
    title, other = title_of(item), place + 1
    item.locator(".ui-plan-meta").drag_to(zones(page).nth(other))
    reads(page, f"“{title}” is now in")
    holds(page, other, title)
    assert title not in zones(page).nth(place).inner_text()
    nothing_broke(visitor)


@pytest.mark.requirement("P8.7")
def test_by_keyboard_alone_something_is_added_and_moved(visitor: Visitor) -> None:
    visitor.sign_in("Elena")
    page = visitor.open("/home/")
    add = page.locator("#chosen form[action$='/plan/'] button").first
    title = add.inner_text().replace("Add to plan", "").strip()
    tab_to(page, "#chosen form[action$='/plan/'] button")
    page.keyboard.press("Enter")
    reads(page, "It is in your plan")
    visitor.open("/grow/plan/")
    reads(page, title)
    tab_to(page, "[data-drag-handle]")
    item = page.locator("[data-drag-item]:has(:focus)")
    moved, place = title_of(item), filled_zone(page)
    page.keyboard.press("Space")
    reads(page, "Picked up. Arrow keys choose a week")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    reads(page, "Put back.")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    reads(page, f"“{moved}” is now in")
    holds(page, place + 1, moved)
    nothing_broke(visitor)


def test_without_scripts_something_is_moved_by_its_form(visitor_without_scripts: Visitor) -> None:
    visitor_without_scripts.sign_in("Elena")
    page = visitor_without_scripts.open("/grow/plan/")
    item = page.locator(".ui-plan-item:has(form.ui-move)").first
    title = title_of(item)
    assert not item.locator("[data-drag-handle]").is_visible()
    item.locator("summary").click()
    item.locator("select[name=week]").select_option("none")
    item.get_by_role("button", name=f"Move {title}", exact=True).click()
    reads(page, f"“{title}” is now in no week yet.")


@pytest.mark.requirement("P8.7")
@pytest.mark.parametrize("walker", ["visitor", "visitor_without_scripts"])
def test_the_dark_stays_and_holds_no_barrier(walker: str, request: pytest.FixtureRequest) -> None:
    visitor: Visitor = request.getfixturevalue(walker)
    visitor.sign_in("Elena")
    page = visitor.open("/account/comfort/")
    page.get_by_label("Dark", exact=True).last.check()
    press(page, "Save")
    for path in ("/grow/plan/", "/home/", "/learn/"):
        visitor.open(path)
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        if walker == "visitor":
            paper = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number)")
            assert sum(paper[:3]) < 200, paper
            assert visitor.barriers() == []


@pytest.mark.requirement("N3")
@pytest.mark.parametrize("walker", ["visitor", "visitor_without_scripts"])
def test_a_plan_is_worked_out_compared_and_taken(walker: str, request: pytest.FixtureRequest) -> None:
    visitor: Visitor = request.getfixturevalue(walker)
    visitor.sign_in("Marcus")
    page = visitor.open("/grow/plan/")
    follow(page, "Work out a plan")
    asking = page.get_by_role("button", name="Work out a plan")
    press(page, "Work out a plan" if asking.count() else "Work it out like this")
    reads(page, "A plan worked out for you", "What it does", "What is not in it, and why")
    if walker == "visitor":  # the page asks again by itself until the worker is done
        reads(page, "Nothing better is possible in these weeks")
        assert visitor.barriers() == []
    page.locator("select[name=more]").select_option("20")
    press(page, "Show what would change")
    reads(page, "If you had it otherwise", "20 minutes more a week")
    press(page, "Take this plan")
    if page.get_by_text("Another plan was worked out meanwhile").count():  # a better one came while she read this one
        press(page, "Take this plan")
    reads(page, "It is your plan now.")
    visitor.faults[:] = [fault for fault in visitor.faults if "409" not in fault]  # an older plan is refused
    nothing_broke(visitor)
