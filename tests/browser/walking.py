"""What several walks through the demo district do: fill in, look at faults, go by keyboard alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor

MOST_TABS = 250


def in_days(days: int) -> str:
    """A day as a date field takes it."""
    return (date.today() + timedelta(days=days)).isoformat()  # noqa: DTZ011


def press(page: Page, words: str, *, exact: bool = False) -> None:
    """Press the button with these words, the first one from the top."""
    page.get_by_role("button", name=words, exact=exact).first.click()
    page.wait_for_load_state()


def follow(page: Page, words: str, *, exact: bool = False) -> None:
    """Follow the link with these words, the first one from the top."""
    page.locator("main").get_by_role("link", name=words, exact=exact).first.click()
    page.wait_for_load_state()


def fill(page: Page, **fields: Any) -> None:
    """Fill in fields by the names they have in the form."""
    for name, value in fields.items():
        page.locator(f"main [name={name}]:visible").first.fill(str(value))


def reads(page: Page, *words: str) -> None:
    """Insist that these words can be seen."""
    for each in words:
        try:
            expect(page.locator("body")).to_contain_text(each)
        except AssertionError:
            shown = " ".join(page.locator("main").inner_text().split())
            raise AssertionError(f"“{each}” is not on {page.url}: {shown[:1500]}") from None


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on something that fits the selector."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
    raise AssertionError(f"Tab never came to {selector}")


def nothing_broke(visitor: Visitor) -> None:
    """Insist that no script failed and nothing was refused by the content rules."""
    assert [fault for fault in visitor.faults if "favicon" not in fault and "422" not in fault] == []
