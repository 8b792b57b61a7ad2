"""A real demo district, served as `lantern demo` serves it, and a browser to walk in it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
AXE_ALL = '["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]'
AXE_COLOURS = '{type: "rule", values: ["color-contrast", "link-in-text-block"]}'
AXE_RUN = """axe.run(document, {runOnly: RULES})
  .then(r => JSON.stringify(r.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))])))"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running demo district, gone afterwards with all it wrote."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = tmp_path_factory.mktemp("demo")
    log = (data / "demo.log").open("w+")
    hidden = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    surroundings = {name: value for name, value in os.environ.items() if name not in hidden}
    process = subprocess.Popen(  # our own program
        [str(Path(sys.executable).parent / "lantern"), "demo"],
        env=surroundings | {"PORT": str(port), "LANTERN_DATA": str(data)},
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        _wait_until_ready(process, log.name)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=20)
        log.close()


def _wait_until_ready(process: subprocess.Popen[bytes], log: str) -> None:
    patience = time.monotonic() + 120
    while "Ready:" not in Path(log).read_text(encoding="utf-8"):
        if process.poll() is not None or time.monotonic() > patience:
            pytest.fail(f"the demo did not start:\n{Path(log).read_text(encoding='utf-8')[-3000:]}")
        time.sleep(0.2)


class Visitor:
    """A person in a browser."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site
        self.faults: list[str] = []
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)

    def sign_in(self, name: str) -> Visitor:
        """Use the demo's button for somebody, by the words on it."""
        self.page.goto(f"{self.site}/")
        self.page.get_by_role("button", name=name).click()
        self.page.wait_for_load_state()
        return self

    def open(self, path: str) -> Page:
        """Go to a page of the site."""
        self.page.goto(f"{self.site}{path}")
        return self.page

    def barriers(self, *, colours_only: bool = False) -> list[Any]:
        """What axe finds on the present page, WCAG 2.2 AA and best practice; or just what the colours do."""
        run = AXE_RUN.replace("RULES", AXE_COLOURS if colours_only else AXE_ALL)
        session = self.page.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": AXE})
        answer = session.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
        session.detach()
        found: list[Any] = json.loads(answer["result"]["value"])
        return found

    def overflow(self) -> int:
        """By how many pixels the present page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture
def visitor(page: Page, site: str) -> Visitor:
    """Somebody not signed in yet, with JavaScript."""
    page.set_default_timeout(15_000)
    return Visitor(page, site)


@pytest.fixture
def visitor_without_scripts(browser: Browser, site: str) -> Iterator[Visitor]:
    """Somebody whose browser runs no JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield Visitor(page, site)
    context.close()
