"""Every page that can be reached by links, in each role: no barrier in either theme, nothing sideways at 320 px, by
keyboard.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

ROLES = ("Elena Marsh", "Dana Whitfield", "Samuel Ortiz", "Ingrid Solberg", "Theo Lindqvist")  # teacher to operator
NO_PAGE = re.compile(r"\.(pdf|json|ics)$|/file/$|/export/|/sign-in/logout|^mailto:|^javascript:")
MOST_PAGES = 70


def shape(path: str) -> str:
    """The page behind an address: ids, queries and dates taken out, so that each page is looked at once."""
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "*", urlsplit(path).path)
    return re.sub(r"\d{4}-\d{2}-\d{2}", "*", path)


def reachable(visitor: Visitor) -> dict[str, str]:
    """One address for each page that links lead to from the present one."""
    found: dict[str, str] = {}
    queue = [urlsplit(visitor.page.url).path]
    while queue and len(found) < MOST_PAGES:
        path = queue.pop(0)
        if shape(path) in found:
            continue
        answer = visitor.page.request.get(f"{visitor.site}{path}")
        if answer.status >= 400 or "text/html" not in answer.headers.get("content-type", ""):
            assert answer.status < 500, path
            continue
        found[shape(path)] = path
        for link in re.findall(r'href="([^"#]+)"', answer.text()):
            target = urlsplit(urljoin(f"{visitor.site}{path}", link))
            ours = f"{target.scheme}://{target.netloc}" == visitor.site and not target.path.startswith("/static/")
            if ours and not NO_PAGE.search(target.path) and shape(target.path) not in found:
                queue.append(target.path)
    return found


SEEN: set[str] = set()  # pages already looked at in an earlier role


@pytest.mark.requirement("P8.7")
@pytest.mark.parametrize("role", ROLES)
def test_no_page_has_a_barrier_in_either_theme(visitor: Visitor, role: str) -> None:
    visitor.sign_in(role)
    pages = {name: path for name, path in reachable(visitor).items() if name not in SEEN}
    SEEN.update(pages)
    found: list[Any] = []
    for theme in ("light", "dark"):
        visitor.page.context.add_cookies([{"name": "theme", "value": theme, "url": visitor.site}])
        for path in pages.values():
            visitor.page.set_viewport_size({"width": 1280, "height": 900})
            visitor.open(path)
            found += [(theme, path, barrier) for barrier in visitor.barriers(colours_only=theme == "dark")]
            if theme == "light":
                visitor.page.set_viewport_size({"width": 320, "height": 700})
                if visitor.overflow() > 0:
                    found.append(("sideways at 320", path, visitor.overflow()))
    assert pages or SEEN
    assert found == []
    assert [fault for fault in visitor.faults if "favicon" not in fault] == []


def test_pages_before_signing_in_have_no_barrier(visitor: Visitor) -> None:
    found = []
    for path in ("/", "/sign-in/login/", "/sign-in/password/reset/", "/ui/", "/nowhere/"):
        visitor.open(path)
        found += [(path, barrier) for barrier in visitor.barriers()]
    assert found == []


@pytest.mark.requirement("P8.7")
@pytest.mark.parametrize(
    "path", ["/home/", "/learn/", "/grow/plan/", "/grow/goals/new/", "/portfolio/", "/account/privacy/"]
)
def test_everything_can_be_reached_by_keyboard_and_shows_where_one_is(visitor: Visitor, path: str) -> None:
    visitor.sign_in("Elena")
    page = visitor.open(path)
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
        .filter(e => !e.disabled && e.type !== 'hidden' && e.checkVisibility({visibilityProperty: true})
          && !e.closest('details:not([open]) > :not(summary)') && !e.closest('dialog:not([open])')
          && !(e.type === 'radio' && !e.checked && document.querySelector(`input[name="${e.name}"]:checked`))).length"""
    )
    reached: dict[str, bool] = {}  # whether any of its stops shows: a date field has several
    words: dict[str, str] = {}
    for _ in range(wanted * 2 + 20):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => { const e = document.activeElement; if (!e || e === document.body) return null;
            const s = getComputedStyle(e), l = e.labels?.[0] && getComputedStyle(e.labels[0]);
            e.dataset.seen ??= String(Math.random());
            const ring = style => style && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
            const shown = ring(s) || ring(l) || ring(getComputedStyle(e, '::after'));
            return [e.dataset.seen, shown, e.outerHTML.slice(0, 120)]; }"""
        )
        if here is None:
            continue
        if here[0] in reached and len(reached) >= wanted:
            break
        reached[here[0]] = reached.get(here[0], False) or here[1]
        words[here[0]] = here[2]
    assert len(reached) >= wanted * 0.95
    assert [words[key] for key, shown in reached.items() if not shown] == []


def test_first_load_is_light(visitor: Visitor) -> None:
    sizes: dict[str, int] = {}
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    visitor.sign_in("Elena")
    sizes.clear()
    session.send("Network.clearBrowserCache")
    visitor.open("/home/")
    visitor.page.wait_for_load_state("networkidle")
    assert 20_000 < sum(sizes.values()) < 150_000
