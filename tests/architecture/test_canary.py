"""What the novice wrote reaches nobody: her texts carry a canary, and no page of any other role may answer with it
(trust.md B3, C7).
"""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from tests.architecture.test_url_table import ROLES, address
from tests.architecture.url_table import EVERYBODY, TABLE
from tests.cast import Cast, as_
from tests.things import CANARY, make_things

TOLD_BY_HERSELF = {
    # He was asked, and his link and his proposals carry what she wrote to him.
    "coach": ("together:", "home:", "account:export"),
    # She was named: to her, what was shared opens, and on no other page.
    "expert": ("together:shared_one", "together:shared_item"),
}


@pytest.mark.requirement("P2.6")
def test_no_page_of_another_role_holds_her_words(cast: Cast) -> None:
    things = make_things(cast)
    found = []
    for role in ROLES[1:]:
        client = as_(Client(), getattr(cast, role))
        for name, row in TABLE.items():
            if "GET" not in row.methods or name.startswith(TOLD_BY_HERSELF.get(role, ("-",))):
                continue
            response = client.get(address(name, things.ids) + "?q=" + CANARY[:6])
            body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
            if CANARY.encode() in body or CANARY in str(dict(response.headers)):
                found.append((role, name))
    assert found == []
    assert not [message for message in mail.outbox if CANARY in message.subject + str(message.body)]


def test_the_canary_would_be_seen(cast: Cast) -> None:
    """The positive control: the novice's own pages do hold it."""
    things = make_things(cast)
    client = as_(Client(), cast.novice)
    names = [name for name, row in TABLE.items() if row.things and row.who != EVERYBODY and "GET" in row.methods]
    assert any(CANARY.encode() in client.get(address(name, things.ids)).content for name in names)
