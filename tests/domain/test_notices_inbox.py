"""The inbox: each piece of news once, mail that says nothing, and only to who wants it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from lantern.domain.notices import commands as notices
from lantern.domain.notices import queries
from lantern.domain.notices.types import NOTICE_WORDS, in_words
from lantern.domain.people import commands as people
from lantern.kernel import clock
from lantern.kernel.errors import NotFound
from lantern.kernel.events.models import EventRecord
from lantern.kernel.mail.models import OutboxMessage
from tests.cast import acting, system_of

pytestmark = pytest.mark.django_db


def tell(cast, kind: str = "coach_asked", item=None, **facts):
    return notices.notify(system_of(cast.district), person_id=cast.novice.pk, kind=kind, item_id=item, **facts)


def test_news_comes_once_for_each_kind_and_item(cast) -> None:
    item = uuid4()
    with acting(cast.novice) as nia:
        first = tell(cast, item=item, from_name="Cora Bell")
        assert tell(cast, item=item, from_name="Cora Bell").pk == first.pk
        assert tell(cast, "proposal_made", item).pk != first.pk
        assert tell(cast, "hours_taken_back").pk == tell(cast, "hours_taken_back").pk
        assert queries.my_notices(nia).count() == queries.count_unread(nia) == 3
        assert first.words == "Cora Bell asks you to be a coach."
        assert EventRecord.objects.filter(name="NoticeSent").count() == 3


def test_opening_marks_it_as_read_once(cast) -> None:
    with acting(cast.novice) as nia:
        first = tell(cast, item=uuid4())
        assert notices.read_notice(nia, notice_id=first.pk).read_at
        notices.read_notice(nia, notice_id=first.pk)
        assert queries.count_unread(nia) == 0
        assert EventRecord.objects.filter(name="NoticeRead").count() == 1


def test_what_was_read_comes_again_only_when_asked_to(cast) -> None:
    item = uuid4()
    with acting(cast.novice) as nia:
        first = tell(cast, item=item)
        notices.read_notice(nia, notice_id=first.pk)
        tell(cast, item=item)
        assert queries.count_unread(nia) == 0
        assert tell(cast, item=item, renew=True).pk == first.pk
        assert queries.count_unread(nia) == 1


def test_mail_says_that_there_is_news_and_never_what(cast) -> None:
    with acting(cast.novice):
        tell(cast, "how_did_it_go", uuid4(), from_name="Cora Bell")
        (mail,) = OutboxMessage.objects.all()
        assert mail.address == cast.novice.email
        for private in ("Cora", "class", "how_did_it_go", "coach"):
            assert private not in mail.subject + mail.body


@pytest.mark.parametrize(
    ("choice", "after_two_days", "after_eight"), [("none", 0, 0), ("daily", 2, 3), ("weekly", 1, 2)]
)
def test_mail_leaves_people_in_peace_as_they_chose(cast, time_machine, choice, after_two_days, after_eight) -> None:
    start = clock.now()
    with acting(cast.novice) as nia:
        people.save_profile(nia, mail_digest=choice)
        tell(cast, item=uuid4())
        tell(cast, item=uuid4())
        time_machine.move_to(start + timedelta(days=2))
        tell(cast, item=uuid4())
        assert OutboxMessage.objects.count() == after_two_days
        time_machine.move_to(start + timedelta(days=8))
        tell(cast, item=uuid4())
        assert OutboxMessage.objects.count() == after_eight
        assert queries.count_unread(nia) == 4


@pytest.mark.parametrize("who", ["expert", "coach", "principal", "coordinator", "operator", "outsider"])
def test_the_inbox_of_another_person_does_not_exist(cast, who) -> None:
    with acting(cast.novice):
        first = tell(cast, item=uuid4())
    with acting(getattr(cast, who)) as other:
        assert not queries.my_notices(other).exists()
        with pytest.raises(NotFound):
            queries.get_notice(other, first.pk)
        with pytest.raises(NotFound):
            notices.read_notice(other, notice_id=first.pk)
        with pytest.raises(NotFound):
            notices.erase(other, cast.novice.pk)


def test_news_stays_within_the_tenant_and_has_a_known_kind(cast) -> None:
    with acting(cast.outsider) as uma, pytest.raises(NotFound):
        notices.notify(uma, person_id=cast.novice.pk, kind="coach_asked", item_id=uuid4())
    with acting(cast.novice), pytest.raises(LookupError):
        tell(cast, "no_such_kind")


def test_every_kind_has_words_and_a_page(cast) -> None:
    from django.urls import reverse

    for kind, (_, url_name, takes_item) in NOTICE_WORDS.items():
        assert in_words(kind)
        assert reverse(url_name, args=[uuid4()] if takes_item else [])


def test_export_and_erase(cast) -> None:
    with acting(cast.novice) as nia:
        tell(cast, item=uuid4())
        assert len(queries.export_for(nia)["notices"]) == 1
        assert notices.erase(nia, cast.novice.pk) == {"notices deleted": 1}
        assert queries.export_for(nia) == {"notices": []}
