"""The inbox page."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.notices import commands as notices
from lantern.domain.notices import queries
from tests.cast import acting, as_, system_of

pytestmark = pytest.mark.django_db

INBOX = "home:inbox"


def tell(cast, kind: str = "how_did_it_go", item=None):
    with acting(cast.novice):
        return notices.notify(
            system_of(cast.district),
            person_id=cast.novice.pk,
            kind=kind,
            item_id=item or uuid4(),
            from_name="Zed Quill",
        )


def test_an_empty_inbox_says_what_will_be_here(cast, client) -> None:
    assert "Nothing new" in as_(client, cast.novice).get(reverse(INBOX)).content.decode()


def test_news_is_listed_and_leads_to_its_page(cast, client) -> None:
    notice = tell(cast)
    as_(client, cast.novice)
    shown = client.get(reverse(INBOX)).content.decode()
    assert "How did it go in your class?" in shown and "New" in shown
    opened = client.post(reverse("home:open_notice", args=[notice.pk]))
    assert opened.status_code == 303
    assert opened.headers["Location"] == reverse("portfolio:reflections_answer", args=[notice.item_id])
    with acting(cast.novice) as nia:
        assert queries.count_unread(nia) == 0
    taken = tell(cast, "hours_taken_back")
    assert client.post(reverse("home:open_notice", args=[taken.pk])).headers["Location"] == reverse(
        "portfolio:transcript"
    )


@pytest.mark.parametrize("who", ["expert", "coach", "principal", "coordinator", "operator", "official", "outsider"])
def test_nobody_else_finds_it(cast, client, who) -> None:
    notice = tell(cast, "coach_asked")
    as_(client, getattr(cast, who))
    assert client.post(reverse("home:open_notice", args=[notice.pk])).status_code == 404
    assert "Zed" not in client.get(reverse(INBOX)).content.decode()


def test_queries_do_not_grow_with_notices(cast, client) -> None:
    as_(client, cast.novice)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            tell(cast)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(INBOX))
        counts.append(len(captured))
    assert counts[0] == counts[1]
