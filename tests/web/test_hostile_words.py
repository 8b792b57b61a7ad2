"""Whatever people write, no page that shows it runs it or asks another host for anything (trust.md D5).

Every text of every row that a page can show is overwritten with the vectors of tests/kernel/xss_vectors.py, past the
commands that would have refused some, and every page is opened by its owner and by the coach.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import cycle, islice
from typing import Any

import pytest
from django.db import models
from django.template import engines
from django.test import Client

from lantern.kernel import tenancy
from tests.architecture.test_url_table import address
from tests.architecture.url_table import TABLE
from tests.cast import Cast, as_
from tests.kernel.xss_vectors import EVERY
from tests.things import make_things

WORDS = {
    "Activity": ("title", "provider"), "Announcement": ("title", "body"), "CoachLink": ("message",),
    "Evidence": ("note", "refusal"), "Goal": ("title", "why", "measure", "baseline", "target"), "GroupNeed": ("title",),
    "Initiative": ("title", "summary"), "ImportRun": ("filename",), "Need": ("words",), "Person": ("given_name",
    "family_name"),
    "Proposal": ("note",), "Reflection": ("takeaway", "try_class", "what_happened"), "Resource": ("title", "summary",
    "provider"), "SavedSearch": ("name",), "Share": ("purpose",), "StoredFile": ("name",), "Term": ("label",),
    "Organisation": ("name",), "Competency": ("name", "statement"), "Framework": ("title",),
}  # fmt: skip
OUR_SCRIPTS = re.compile(r"/static/(ui/js/[a-z]+|vendor/htmx/htmx[a-z.]*)(\.[0-9a-f]+)?(\.min)?\.js")
LOADING = {"src", "srcset", "poster", "data", "background", "formaction", "action", "ping", "xlink:href"}


class Witness(HTMLParser):
    """Notes everything in a page that acts, or that is loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag in {
            "iframe",
            "frame",
            "object",
            "embed",
            "style",
            "base",
            "math",
            "applet",
            "portal",
            "template",
            "foreignobject",
        }:
            self.wrong.append(tag)
        if tag == "script" and not OUR_SCRIPTS.fullmatch(named.get("src", "")):
            self.wrong.append(f"script {named}")
        if tag == "meta" and named.get("http-equiv"):
            self.wrong.append("meta")
        for name, value in named.items():
            bare = re.sub(r"[\x00-\x20]", "", value).lower()
            if name.startswith("on") or name == "style" or name in {"srcdoc", "hx-on"}:
                self.wrong.append(f"{tag} {name}")
            if name in LOADING and bare and not re.match(r"#|/(?![/\\])", bare):
                self.wrong.append(f"{tag} {name}={value[:60]}")
            if name == "href" and tag == "link" and not bare.startswith(("/static/", "data:image")):
                self.wrong.append(f"link {value[:60]}")
            if (
                name == "href"
                and re.match(r"[a-z][a-z0-9+.-]*:", bare)
                and not bare.startswith(("http://", "https://", "mailto:"))
            ):
                self.wrong.append(f"{tag} href={value[:60]}")


def wrongs(html: str) -> list[str]:
    witness = Witness()
    witness.feed(html)
    witness.close()
    return witness.wrong


def overwrite(rows: dict[str, models.Model], first: int) -> int:
    """Put vectors into every text, from vector number `first` on; give how many were used."""
    supply = islice(cycle(EVERY), first, None)
    used = 0
    with tenancy.unscoped("the words of every row"):
        for table in {type(row) for row in rows.values()} | {_table("StoredFile"), _table("Person")}:
            names = WORDS.get(table.__name__, ())
            for row in table._default_manager.all():
                values: dict[str, str] = {}
                for name in names:
                    room = getattr(table._meta.get_field(name), "max_length", None) or 6000
                    text = ""
                    while len(text) < room and (vector := next(supply).replace("\0", "")):
                        used += 1
                        if text and len(text) + len(vector) + 2 > room:
                            break
                        text = f"{text}\n\n{vector}" if room > 250 else vector
                        if room <= 250:
                            break
                    values[name] = text[:room]
                for name, text in values.items():
                    setattr(row, name, text)
                if values:
                    row.save(update_fields=list(values))
    return used


def _table(name: str) -> Any:
    from django.apps import apps

    return apps.get_model("lantern", name)


def opened(cast: Cast, ids: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    found = []
    for role in ("novice", "coach", "coordinator"):
        client = as_(Client(), getattr(cast, role))
        for name, row in TABLE.items():
            if "GET" not in row.methods or name in {
                "public:gallery",
                "portfolio:evidence_file",
                "portfolio:evidence_poster",
            }:
                continue
            answer = client.get(address(name, ids))
            assert answer.status_code < 500, name
            if answer.headers.get("Content-Type", "").startswith("text/html") and (
                wrong := wrongs(answer.content.decode())
            ):
                found.append((role, name, wrong[:3]))
            if answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html"):
                policy = answer.headers["Content-Security-Policy"]
                assert "script-src 'self'" in policy and "unsafe" not in policy, name
    return found


@pytest.mark.parametrize("rounds", [range(1), pytest.param(range(1, 8), marks=pytest.mark.slow)], ids=["once", "all"])
def test_no_page_acts_on_what_people_wrote(cast: Cast, rounds: range) -> None:
    things = make_things(cast)
    used = 0
    for number in rounds:
        used += overwrite(things.rows, number * 150)
        assert opened(cast, things.ids) == []
    assert used > 100 * len(rounds)


def test_control_the_witness_sees_what_is_not_escaped() -> None:
    unescaped = engines["django"].from_string("{% autoescape off %}{{ words }}{% endautoescape %}")
    seen = [vector for vector in EVERY if wrongs(unescaped.render({"words": vector}))]
    escaped = engines["django"].from_string("<p title='{{ words }}'>{{ words }}</p>")
    assert len(seen) > 150
    assert [vector for vector in EVERY if wrongs(escaped.render({"words": vector}))] == []
