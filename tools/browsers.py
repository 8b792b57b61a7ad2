"""The browsers of `tools.faults`: people who send one form after the other, and again what got no answer."""

# ruff: noqa: S310 - addresses are our own

from __future__ import annotations

import re
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

PEOPLE = ("novice", "expert", "paraprofessional", "coach") * 2
LOST_EVERY = 5
"""Each browser loses the answer to so many-th form, and sends that form again."""
ASKED_BACK = "503 and when to come back"


class Educator(threading.Thread):
    """Somebody who sends one form after the other, and sends it again until it was answered."""

    def __init__(self, site: str, who: str, seat: int, *, keys: bool = True) -> None:
        super().__init__(daemon=True)
        self.site, self.who, self.seat, self.keys, self.over = site, who, seat, keys, threading.Event()
        self.answered: list[str] = []
        self.at: list[float] = []
        self.faults: Counter[str] = Counter()
        self.again = 0
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _Stay())

    def run(self) -> None:
        """Until told that it is over, and the form at hand is answered."""
        number = 0
        while not self.over.is_set():
            self.goes_on.wait()
            number += 1
            title, key = f"Fault {self.who} {self.seat} {number}", str(uuid.uuid4())
            loses_one = number % LOST_EVERY == 0
            while True:
                arrived = self._send(title, key)
                if arrived and not loses_one:
                    break
                loses_one = loses_one and not arrived
                self.again += 1
                time.sleep(0.3)
            self.at.append(time.monotonic())
            self.answered.append(title)

    def pause(self, rests: bool) -> None:
        """Rest once the form at hand is answered, or go on."""
        if rests:
            self.goes_on.clear()
        else:
            self.goes_on.set()

    def first_after(self, moment: float) -> float | None:
        """The time of the first answer after a moment; None while there is none."""
        return next((at for at in self.at[-50:] if at > moment), None)

    def _send(self, title: str, key: str) -> bool:
        form = {"title": title, "kind": "video", "minutes": "10", "act": "plan"}
        form |= {"idempotency_key": key} if self.keys else {}
        try:
            status, page = self._ask("/learn/outside/")
            if status != 200 or 'name="title"' not in page:
                if status < 500:
                    self._sign_in()
                return False
            status, _ = self._ask("/learn/outside/", form | {"csrfmiddlewaretoken": _token(page)})
        except (OSError, HTTPException):
            return False
        return status == 303

    def _sign_in(self) -> None:
        _, page = self._ask("/")
        if not _token(page):
            return
        self._ask("/demo/sign-in/", {"person": self.who, "csrfmiddlewaretoken": _token(page)})

    def _ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        sent = urlencode(form).encode() if form else None
        asked = urllib.request.Request(self.site + path, data=sent, headers={"Referer": self.site + path})
        try:
            with self.browser.open(asked, timeout=20) as answer:
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as refused:
            if refused.code >= 500:
                when = "and when to come back" if refused.headers.get("Retry-After") else "and no more"
                self.faults[f"{refused.code} {when}"] += 1
            return refused.code, ""


class _Stay(urllib.request.HTTPRedirectHandler):
    """Does not follow: where an answer leads is the answer."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    return found[1] if found else ""
