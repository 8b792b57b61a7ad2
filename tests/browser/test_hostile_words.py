"""In a real browser: three hundred vectors on one page open no dialog and ask no other host, and a video plays and
seeks.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog

from tests.browser.conftest import Visitor
from tests.kernel.xss_vectors import EVERY
from tests.videos import make_video

pytestmark = pytest.mark.browser
MOST = 9_000


def portions() -> list[str]:
    """The vectors in texts as long as a reflection may be."""
    texts: list[str] = []
    text = ""
    for vector in (each.replace("\0", "") for each in EVERY):
        if len(text) + len(vector) + 2 > MOST:
            texts, text = [*texts, text], ""
        text += f"{vector}\n\n"
    return [*texts, text]


def to_a_reflection(visitor: Visitor) -> str:
    """Open a reflection of Elena's and give its path."""
    visitor.sign_in("Elena Marsh").open("/portfolio/")
    links = visitor.page.eval_on_selector_all("a", "all => all.map(a => a.getAttribute('href') || '')")
    path = next(link for link in links if re.fullmatch(r"/portfolio/reflections/[0-9a-f-]{36}/", link))
    visitor.open(path)
    return str(path)


def test_vectors_on_a_page_open_no_dialog_and_ask_nobody(visitor: Visitor, site: str) -> None:
    dialogs: list[str] = []
    asked: set[str] = set()

    def noted(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    visitor.page.on("dialog", noted)
    visitor.page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    path = to_a_reflection(visitor)
    for text in portions():
        visitor.page.get_by_role("link", name="Change", exact=True).click()
        visitor.page.get_by_label("What do you take away that you want to use?").fill(text)
        visitor.page.get_by_role("button", name=re.compile("Save|Keep")).first.click()
        visitor.page.wait_for_load_state()
        visitor.open(path)
        visitor.page.wait_for_load_state("networkidle")
        assert "alert(1)" in visitor.page.inner_text(".prose")
        for handler in ("mouseover", "click", "focus"):
            for element in visitor.page.locator(".prose :not(a)").all()[:40]:
                element.dispatch_event(handler)
    assert dialogs == []
    assert asked == {urlsplit(site).netloc}
    assert (
        visitor.page.evaluate(
            "document.querySelectorAll('.prose script, .prose img, .prose iframe, .prose svg').length"
        )
        == 0
    )
    visitor.page.evaluate("setTimeout(() => alert('control'))")
    visitor.page.wait_for_timeout(300)
    assert dialogs == ["control"]  # a dialog would have been seen


def test_a_video_is_handed_in_plays_and_jumps(visitor: Visitor, tmp_path: Path) -> None:
    to_a_reflection(visitor)
    visitor.page.get_by_role("link", name="What you learned from").first.click()
    visitor.page.get_by_role("link", name="Add a video").click()
    visitor.page.get_by_label("Your video").set_input_files(
        make_video(tmp_path / "lesson.mp4", seconds=4, size="320x180")
    )
    visitor.page.get_by_label("No, nobody can be recognised by face, voice or name").check()
    visitor.page.get_by_role("button", name="Send this video").click()
    visitor.page.locator("video").wait_for(timeout=120_000)
    assert visitor.barriers() == []
    assert visitor.overflow() <= 0
    played = visitor.page.evaluate(
        """async () => {
            const film = document.querySelector("video");
            film.muted = true;
            film.currentTime = 3;
            await new Promise(done => film.addEventListener("seeked", done, {once: true}));
            return [Math.round(film.duration), Math.round(film.currentTime), film.error, film.videoWidth];
        }"""
    )
    assert played == [4, 3, None, 320]
