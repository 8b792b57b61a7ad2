"""What is kept of a share, a look and a refusal, word for word: the receipts, the lists, and the log of acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from lantern import models as tables
from lantern.domain.privacy import commands, queries
from lantern.domain.privacy.types import EVERY, MOST_SHARE_DAYS, WORDING, SharedWithMe, ShareView
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from tests.cast import Cast, acting, make_person, system_of
from tests.sharing import share_one

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GOAL, NEED = UUID(int=71), UUID(int=72)


def share(cast: Cast, owner: Any = None, at: datetime = NOON, **other: Any) -> Any:
    """The novice, or somebody else, shares a goal with the coach at noon."""
    facts = {"grantee_id": cast.coach.pk, "item_kind": "goal", "item_id": GOAL, "purpose": "Coaching"}
    with acting(owner or cast.novice) as actor, clock.standing_at(at):
        return share_one(actor, **(facts | other))


def opened(cast: Cast, by: Any, item_id: UUID = GOAL, at: datetime = NOON, owner: Any = None, **other: Any) -> Any:
    """Somebody reads what the novice, or somebody else, shared."""
    with acting(by) as actor, clock.standing_at(at):
        return commands.open_item(
            actor,
            owner_id=(owner or cast.novice).pk,
            tenant_id=cast.district.pk,
            item_kind=other.pop("item_kind", "goal"),
            item_id=item_id,
            purpose="Coaching",
            **other,
        )


def happened(*names: str) -> list[tuple[str, dict[str, Any]]]:
    """The log of acts: these events, in their order."""
    with tenancy.unscoped("the log as an auditor reads it"):
        return list(EventRecord.objects.filter(name__in=names).order_by("pk").values_list("name", "data"))


# ------------------------------------------------------------------------------------------------------------ receipts
def test_a_receipt_keeps_person_item_purpose_words_and_dates(cast: Cast) -> None:
    row = share(cast, purpose="  To talk  ", days=7, leads_me=True, confirmed=True)
    expected = ShareView(
        row.pk, cast.coach.pk, "Cora Bell", "goal", GOAL, "My goal", "To talk", NOON, NOON + timedelta(days=7), None,
        WORDING.number, True,
    )  # fmt: skip
    titles = {("goal", GOAL): "My goal"}
    with acting(cast.novice) as nia, clock.standing_at(NOON):
        assert queries.get_share(nia, row.pk, titles) == expected
        assert queries.my_shares(nia, titles) == [expected]
        assert queries.my_ended_shares(nia, titles) == []
        assert queries.my_shares(nia)[0].item_title == ""
        with pytest.raises(NotFound):
            queries.get_share(nia, uuid4())
        commands.revoke(nia, share_id=row.pk)
        assert queries.my_shares(nia) == []
        assert [(one.id, one.revoked_at) for one in queries.my_ended_shares(nia)] == [(row.pk, NOON)]
        assert queries.get_share(nia, row.pk).revoked_at == NOON


def test_ones_shares_come_newest_first_those_that_ended_too_and_nobody_elses(cast: Cast) -> None:
    first = share(cast)
    second = share(cast, item_id=NEED, item_kind="need", at=NOON + timedelta(minutes=1))
    share(cast, owner=cast.expert)
    with acting(cast.novice) as nia, clock.standing_at(NOON + timedelta(hours=1)):
        assert [one.id for one in queries.my_shares(nia)] == [second.pk, first.pk]
        assert queries.shared_by_me(nia, cast.coach.pk) == [("goal", GOAL), ("need", NEED)]
        assert queries.shared_by_me(nia, cast.principal.pk) == []
        commands.end_shares(nia, person_id=cast.novice.pk, grantee_id=cast.coach.pk)
        assert [one.id for one in queries.my_ended_shares(nia)] == [second.pk, first.pk]
        assert queries.shared_by_me(nia, cast.coach.pk) == []


def test_whom_it_was_opened_to_sees_whose_what_kind_and_until_when(cast: Cast) -> None:
    hers, every = share(cast), share(cast, owner=cast.expert, item_id=None)
    until = NOON + timedelta(days=90)
    with acting(cast.coach) as cora, clock.standing_at(NOON):
        assert queries.shared_with_me(cora) == [
            SharedWithMe(every.pk, cast.expert.pk, "Elena Ruiz", "goal", None, "Coaching", until),
            SharedWithMe(hers.pk, cast.novice.pk, "Nia Young", "goal", GOAL, "Coaching", until),
        ]
        assert queries.get_shared_with_me(cora, hers.pk).id == hers.pk
        with pytest.raises(NotFound):
            queries.get_shared_with_me(cora, uuid4())
        assert queries.shared_items(cora, cast.novice.pk) == [("goal", GOAL)]
        assert queries.shared_items(cora, cast.expert.pk) == [], "a rule is no single item"
    with acting(cast.para) as pat, clock.standing_at(NOON):
        assert queries.shared_items(pat, cast.novice.pk) == [] and queries.shared_with_me(pat) == []
    lantern = system_of(cast.district)
    with tenancy.within(lantern.tenancy), clock.standing_at(NOON):
        assert queries.shared_with_me(lantern) == [] and queries.shared_items(lantern, cast.novice.pk) == []
        tables.Person.objects.filter(pk=cast.novice.pk).update(active=False)
    with acting(cast.coach) as cora, clock.standing_at(NOON):
        assert [one.id for one in queries.shared_with_me(cora)] == [every.pk], "who left is not listed any more"


def test_an_export_tells_shares_looks_and_refusals_word_for_word(cast: Cast) -> None:
    share(cast)
    rule = share(cast, item_id=None, item_kind="need", at=NOON + timedelta(minutes=1))
    opened(cast, cast.coach)
    with acting(cast.novice) as nia, clock.standing_at(NOON + timedelta(minutes=2)):
        commands.revoke(nia, share_id=rule.pk)
        commands.refuse_purpose(nia, purpose="release")
        exported = queries.export_for(nia)
    share_facts = {"with": "Cora Bell", "purpose": "Coaching", "wording": WORDING.number}
    assert exported == {
        "shares": [
            share_facts | {
                "item": "goal", "item_id": str(GOAL), "from": "2026-03-02T12:00:00+00:00",
                "until": "2026-05-31T12:00:00+00:00", "revoked": None,
            },
            share_facts | {
                "item": "need", "item_id": EVERY, "from": "2026-03-02T12:01:00+00:00",
                "until": "2026-05-31T12:01:00+00:00", "revoked": "2026-03-02T12:02:00+00:00",
            },
        ],
        "looks": [
            {
                "by": "Cora Bell", "role": "coach, educator", "via": "page", "item": "goal", "item_id": str(GOAL),
                "purpose": "Coaching", "at": "2026-03-02T12:00:00+00:00",
            }
        ],
        "emergency_accesses": [],
        "refused_purposes": [{"purpose": "release", "since": "2026-03-02T12:02:00+00:00"}],
    }  # fmt: skip
    with acting(cast.expert) as elena:
        assert all(rows == [] for rows in queries.export_for(elena).values())


# -------------------------------------------------------------------------------------------------------------- limits
def test_a_share_lasts_from_a_day_to_a_year_and_its_purpose_is_cut_at_120_letters(cast: Cast) -> None:
    assert share(cast, days=1).expires_at == NOON + timedelta(days=1)
    longest = share(cast, days=MOST_SHARE_DAYS, item_id=NEED, purpose="x" * 200)
    assert longest.expires_at == NOON + timedelta(days=MOST_SHARE_DAYS)
    assert longest.purpose == "x" * 120


def test_on_its_very_date_a_share_is_over_and_a_new_one_begins(cast: Cast) -> None:
    row = share(cast, days=1)
    assert opened(cast, cast.coach, at=row.expires_at - timedelta(microseconds=1))
    with pytest.raises(NotFound):
        opened(cast, cast.coach, at=row.expires_at)
    again = share(cast, at=row.expires_at)
    with acting(cast.novice):
        row.refresh_from_db()
    assert again.pk != row.pk and row.revoked_at == row.expires_at, "the old one ended on its date, not today"


def test_sharing_again_changes_only_what_is_the_same_person_item_and_kind(cast: Cast) -> None:
    row = share(cast)
    assert share(cast, days=9, at=NOON + timedelta(days=1)).pk == row.pk
    others = [
        share(cast, item_id=NEED), share(cast, item_kind="need"), share(cast, item_id=None),
        share(cast, grantee_id=cast.para.pk), share(cast, owner=cast.expert),
    ]  # fmt: skip
    assert len({one.pk for one in (row, *others)}) == 6
    with tenancy.unscoped("all"):
        assert tables.Share.objects.filter(revoked_at__isnull=True).count() == 6


# --------------------------------------------------------------------------------------------------------------- ending
def test_ending_all_ends_what_this_owner_shares_with_this_person_and_is_noted_once_each(cast: Cast) -> None:
    rows = [share(cast), share(cast, item_id=NEED)]
    kept = [share(cast, grantee_id=cast.para.pk), share(cast, owner=cast.expert)]
    with acting(cast.novice) as nia, clock.standing_at(NOON + timedelta(hours=1)):
        assert commands.end_shares(nia, person_id=cast.novice.pk, grantee_id=cast.coach.pk) == 2
        assert commands.end_shares(nia, person_id=cast.novice.pk, grantee_id=cast.coach.pk) == 0
    with tenancy.unscoped("all"):
        ended = tables.Share.objects.filter(revoked_at=NOON + timedelta(hours=1))
        assert {one.pk for one in ended} == {one.pk for one in rows}
        assert {one.pk for one in tables.Share.objects.filter(revoked_at__isnull=True)} == {one.pk for one in kept}
    told = {data["share_id"] for _, data in happened("ShareRevoked")}
    assert told == {str(one.pk) for one in rows} and len(happened("ShareRevoked")) == 2


def test_each_act_is_in_the_log_once_and_saying_it_twice_is_not(cast: Cast) -> None:
    row = share(cast)
    share(cast)
    look = opened(cast, cast.coach)
    with acting(cast.novice) as nia:
        for _ in range(2):
            commands.revoke(nia, share_id=row.pk)
        for _ in range(2):
            commands.refuse_purpose(nia, purpose="release")
            assert happened("PurposeRefused") == [("PurposeRefused", {"purpose": "release"})]
        for _ in range(2):
            commands.allow_purpose(nia, purpose="release")
            assert happened("PurposeAllowed") == [("PurposeAllowed", {"purpose": "release"})]
    names = ("ItemShared", "ItemOpened", "ShareRevoked", "PurposeRefused", "PurposeAllowed")
    assert happened(*names) == [
        ("ItemShared", {"share_id": str(row.pk)}),
        ("ItemOpened", {"look_id": str(look.pk)}),
        ("ShareRevoked", {"share_id": str(row.pk)}),
        ("PurposeRefused", {"purpose": "release"}),
        ("PurposeAllowed", {"purpose": "release"}),
    ]


# ---------------------------------------------------------------------------------------------------------------- looks
def test_a_look_keeps_who_in_which_role_by_which_way_what_and_why(cast: Cast) -> None:
    share(cast)
    look = opened(cast, cast.coach, via="file")
    kept = (look.person_id, look.viewer_id, look.viewer_name, look.viewer_role, look.via, look.at)
    assert kept == (cast.novice.pk, cast.coach.pk, "Cora Bell", "coach, educator", "file", NOON)
    assert (look.item_kind, look.item_id, look.purpose, look.emergency_id) == ("goal", GOAL, "Coaching", None)
    assert opened(cast, cast.coach).via == "page"
    with acting(cast.coach) as cora:
        long = commands.record_look(cora, owner_id=cast.novice.pk, item_kind="goal", item_id=GOAL, purpose="p" * 300)
    assert (long.purpose, long.via) == ("p" * 120, "page")


def test_the_longest_names_and_many_roles_fit_into_a_look(cast: Cast) -> None:
    reader = make_person(cast.school, f"{'X' * 80} {'Y' * 80}", "coach", "school_leader", "educator")
    share(cast, grantee_id=reader.pk)
    look = opened(cast, reader)
    assert look.viewer_name == f"{'X' * 80} {'Y' * 79}"
    assert look.viewer_role == "coach, educator, school_leader"


def test_within_a_viewing_one_look_stands_for_many_requests_of_the_same_person_and_item(cast: Cast) -> None:
    share(cast)
    share(cast, item_id=NEED)
    share(cast, grantee_id=cast.para.pk)
    hour = timedelta(hours=1)
    first = opened(cast, cast.coach, viewing=hour)
    assert opened(cast, cast.coach, at=NOON + timedelta(minutes=59), viewing=hour).pk == first.pk
    assert opened(cast, cast.coach, item_id=NEED, viewing=hour).pk != first.pk
    assert opened(cast, cast.para, viewing=hour).pk != first.pk
    later = opened(cast, cast.coach, at=NOON + hour, viewing=hour)
    assert later.pk != first.pk, "after an hour it is another viewing"
    assert opened(cast, cast.coach, at=NOON + hour, viewing=hour).pk == later.pk
    assert opened(cast, cast.coach, at=NOON + hour).pk != later.pk, "without a viewing each request is a look"
    assert opened(cast, cast.novice, viewing=hour) is None
    newest = opened(cast, cast.coach, at=NOON + hour + timedelta(minutes=1))
    assert opened(cast, cast.coach, at=NOON + hour + timedelta(minutes=2), viewing=hour).pk == newest.pk


def test_a_viewing_stands_for_the_same_owner_and_kind_only(cast: Cast) -> None:
    hour = timedelta(hours=1)
    share(cast)
    share(cast, item_kind="need")
    share(cast, owner=cast.expert)
    looks = [
        opened(cast, cast.coach, viewing=hour),
        opened(cast, cast.coach, item_kind="need", viewing=hour),
        opened(cast, cast.coach, owner=cast.expert, viewing=hour),
    ]
    assert len({look.pk for look in looks}) == 3


def test_a_viewing_that_began_ends_with_the_share(cast: Cast) -> None:
    row = share(cast)
    opened(cast, cast.coach, viewing=timedelta(hours=1))
    with acting(cast.novice) as nia, clock.standing_at(NOON):
        commands.revoke(nia, share_id=row.pk)
    with pytest.raises(NotFound):
        opened(cast, cast.coach, viewing=timedelta(hours=1))


def test_ones_looks_come_newest_first(cast: Cast) -> None:
    share(cast)
    first, second = opened(cast, cast.coach), opened(cast, cast.coach, at=NOON + timedelta(minutes=1))
    same_moment = opened(cast, cast.coach, at=NOON + timedelta(minutes=1))
    with acting(cast.novice) as nia:
        assert [one.pk for one in queries.my_looks(nia)] == [same_moment.pk, second.pk, first.pk]


# ------------------------------------------------------------------------------------------ for Lantern's own rules
def test_who_refused_is_known_to_lanterns_rules_only_and_by_purpose(cast: Cast) -> None:
    with acting(cast.novice) as nia, clock.standing_at(NOON):
        assert commands.refuse_purpose(nia, purpose="release").at == NOON
        assert queries.refusers(nia, "release") == frozenset()
    with acting(cast.expert) as elena:
        commands.refuse_purpose(elena, purpose="recommendation")
        commands.allow_purpose(elena, purpose="release")
    lantern = system_of(cast.district)
    with tenancy.within(lantern.tenancy):
        assert queries.refusers(lantern, "release") == {cast.novice.pk}
        assert queries.refusers(lantern, "recommendation") == {cast.expert.pk}


def test_a_new_wording_is_told_once_by_lantern(cast: Cast) -> None:
    lantern = system_of(cast.district)
    with tenancy.within(lantern.tenancy), clock.standing_at(NOON):
        tables.WordingTold.objects.all().delete()
        assert commands.note_wording_told(lantern) is True
        assert commands.note_wording_told(lantern) is False
        (told,) = tables.WordingTold.objects.all()
        assert (told.number, told.at, told.tenant_id) == (WORDING.number, NOON, cast.district.pk)
    with acting(cast.operator) as olga, pytest.raises(NotAllowed):
        commands.note_wording_told(olga)


def test_who_was_erased_is_known_to_lantern_only(cast: Cast) -> None:
    lantern = system_of(cast.district)
    with tenancy.within(lantern.tenancy), clock.standing_at(NOON):
        stone = commands.note_erasure(lantern, person_id=cast.novice.pk)
        assert commands.note_erasure(lantern, person_id=cast.novice.pk) == stone
        assert (stone.at, stone.tenant_id) == (NOON, cast.district.pk)
        assert queries.is_erased(lantern, cast.novice.pk) and not queries.is_erased(lantern, cast.expert.pk)
    assert happened("PersonErased") == [("PersonErased", {"tombstone_id": str(stone.pk)})]
    with acting(cast.operator) as olga:
        assert not queries.is_erased(olga, cast.novice.pk)
        with pytest.raises(NotFound):
            commands.note_erasure(olga, person_id=cast.expert.pk)
