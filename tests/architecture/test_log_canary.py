"""Logs hold no private text (trust.md C7): every act whose form is full of canaries, done well, done with a database
that fails, and refused; and every page looked at with a canary in its query.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lantern.config.logs import JsonFormatter
from tests.architecture.acts import acts
from tests.architecture.database_state import taken_back
from tests.architecture.test_faults import WRITES, watched
from tests.architecture.test_url_table import address
from tests.architecture.url_table import TABLE
from tests.cast import Cast, as_
from tests.things import CANARY, make_things

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("N4")]


@contextmanager
def written_down() -> Iterator[io.StringIO]:
    """Everything that an installation would log, as it would be written, from the level of an operator's choice on."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonFormatter())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def test_no_line_of_the_log_holds_what_somebody_wrote(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.LANTERN_FILES, settings.LANTERN_UPLOADS = tmp_path / "files", tmp_path / "uploads"
    things = make_things(cast)
    with written_down() as lines:
        for act in acts(cast, things).values():
            with taken_back():
                client = act.client()
                with watched() as asked:
                    act.send(client)
            writes = [number for number, sql in enumerate(asked.seen, start=1) if sql.startswith(WRITES)]
            for number in writes[:1]:
                with taken_back():
                    client = act.client(raise_request_exception=False)
                    with watched(failing=number):
                        act.send(client)
            with taken_back():
                act.send(as_(Client(raise_request_exception=False), cast.outsider))
        client = as_(Client(), cast.novice)
        for name, row in TABLE.items():
            if "GET" in row.methods:
                client.get(address(name, things.ids), {"q": CANARY, "what": CANARY})
    logged = lines.getvalue()
    assert "disk I/O error" in logged, "the failures were logged, so what they say was looked at"
    assert [line[:300] for line in logged.splitlines() if CANARY in line] == []


def test_a_word_in_the_log_would_be_seen(cast: Cast) -> None:
    """The positive control."""
    with written_down() as lines:
        logging.getLogger("lantern.web").info("Looked for %s", CANARY)
    assert CANARY in lines.getvalue()
