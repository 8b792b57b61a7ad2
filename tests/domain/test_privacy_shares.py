"""Shares, looks and purposes: what opens, what closes at once, and what is written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from lantern.domain.goals import commands as goals
from lantern.domain.privacy import commands, queries
from lantern.domain.privacy.models import Look, Share
from lantern.kernel import clock
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from tests.cast import Cast, acting, system_of
from tests.grow_facts import goal_facts
from tests.sharing import share_one


@pytest.fixture
def goal(cast: Cast) -> Any:
    with acting(cast.novice) as nia:
        return goals.set_goal(nia, **goal_facts())


def share(cast: Cast, goal: Any, **other: Any) -> Share:
    with acting(cast.novice) as nia:
        facts = {"grantee_id": cast.coach.pk, "item_kind": "goal", "item_id": goal.pk, "purpose": "Coaching"}
        return share_one(nia, **(facts | other))


def read(cast: Cast, goal: Any, by: Any = None) -> Any:
    with acting(by or cast.coach) as reader:
        return goals.open_shared_goal(reader, goal_id=goal.pk, purpose="Coaching")


@pytest.mark.requirement("B.4")
def test_a_share_opens_one_item_to_one_person_and_each_look_is_listed(cast: Cast, goal: Any):
    with acting(cast.novice) as nia:
        other_goal = goals.set_goal(nia, **goal_facts())
    share(cast, goal)
    assert read(cast, goal).title == goal.title
    read(cast, goal)
    with pytest.raises(NotFound):
        read(cast, other_goal)
    for somebody in (cast.principal, cast.expert, cast.outsider, cast.operator):
        with pytest.raises(NotFound):
            read(cast, goal, by=somebody)
    with acting(cast.novice) as nia:
        looks = list(queries.my_looks(nia))
        assert [(look.viewer_name, look.item_id, look.purpose) for look in looks] == [
            ("Cora Bell", goal.pk, "Coaching")
        ] * 2
    with acting(cast.principal) as paul:
        assert not queries.my_looks(paul).exists() and queries.my_shares(paul) == []


def test_the_owners_own_reading_is_no_look(cast: Cast, goal: Any):
    assert read(cast, goal, by=cast.novice) == goal
    with acting(cast.novice):
        assert not Look.objects.exists()


def test_without_the_look_there_is_no_content(cast: Cast, goal: Any):
    share(cast, goal)

    def full_disk(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT") and "lantern_look" in sql:
            raise OSError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(full_disk), pytest.raises(OSError, match="disk full"):
        read(cast, goal)


def test_revoking_closes_at_the_next_request_and_twice_is_harmless(cast: Cast, goal: Any):
    row = share(cast, goal)
    read(cast, goal)
    with acting(cast.coach) as cora, pytest.raises(NotFound):
        commands.revoke(cora, share_id=row.pk)
    with acting(cast.novice) as nia:
        ended = commands.revoke(nia, share_id=row.pk).revoked_at
        assert commands.revoke(nia, share_id=row.pk).revoked_at == ended
        assert queries.my_shares(nia) == []
    with pytest.raises(NotFound):
        read(cast, goal)


def test_a_share_ends_by_its_date_and_can_be_given_anew(cast: Cast, goal: Any):
    row = share(cast, goal)
    assert (row.expires_at - row.created_at).days == 90
    with acting(cast.novice):
        Share.objects.filter(pk=row.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(NotFound):
        read(cast, goal)
    with acting(cast.coach) as cora:
        assert queries.shared_items(cora, cast.novice.pk) == []
    again = share(cast, goal)
    assert again.pk != row.pk
    assert share(cast, goal).pk == again.pk
    assert read(cast, goal) == goal


def test_sharing_somebody_elses_item_opens_nothing(cast: Cast, goal: Any):
    with acting(cast.expert) as elena:
        share_one(elena, grantee_id=cast.coach.pk, item_kind="goal", item_id=goal.pk, purpose="Trick")
    with pytest.raises(NotFound):
        read(cast, goal)


def test_wrong_shares_are_refused(cast: Cast, goal: Any):
    for wrong in ({"grantee_id": cast.novice.pk}, {"days": 0}, {"days": 366}, {"purpose": " "}):
        with pytest.raises(Invalid) as refused:
            share(cast, goal, **wrong)
        assert refused.value.fields.keys() == wrong.keys(), "the form says it beside what is wrong"
    for nobody in (uuid4(), cast.outsider.pk):
        with pytest.raises(NotFound):
            share(cast, goal, grantee_id=nobody)


def test_only_the_owner_or_lantern_ends_all_shares(cast: Cast, goal: Any):
    share(cast, goal)
    with acting(cast.operator) as olga, pytest.raises(NotAllowed):
        commands.end_shares(olga, person_id=cast.novice.pk, grantee_id=cast.coach.pk)
    with acting(cast.novice):
        ended = commands.end_shares(system_of(cast.district), person_id=cast.novice.pk, grantee_id=cast.coach.pk)
        assert ended == 1
    with pytest.raises(NotFound):
        read(cast, goal)


def test_a_purpose_can_be_refused_and_allowed_again(cast: Cast):
    with acting(cast.novice) as nia:
        assert queries.may_use(cast.novice.pk, "recommendation")
        commands.refuse_purpose(nia, purpose="recommendation")
        commands.refuse_purpose(nia, purpose="recommendation")
        assert not queries.may_use(cast.novice.pk, "recommendation")
        assert queries.may_use(cast.expert.pk, "recommendation")
        assert queries.may_use(cast.novice.pk, "release"), "she refused the other purpose only"
        assert queries.refused_purposes(nia) == {"recommendation"}
        assert queries.refusers(nia, "recommendation") == frozenset()
        commands.allow_purpose(nia, purpose="recommendation")
        commands.allow_purpose(nia, purpose="recommendation")
        assert queries.may_use(cast.novice.pk, "recommendation")
        for act in (commands.refuse_purpose, commands.allow_purpose):
            with pytest.raises(Invalid) as refused:
                act(nia, purpose="spying")
            assert set(refused.value.fields) == {"purpose"}
        assert not queries.may_use(cast.novice.pk, "spying")


def test_export_holds_all_and_erasure_leaves_nothing(cast: Cast, goal: Any):
    share(cast, goal)
    read(cast, goal)
    with acting(cast.novice) as nia:
        commands.refuse_purpose(nia, purpose="release")
        exported = queries.export_for(nia)
        assert exported["shares"][0]["with"] == "Cora Bell" and exported["looks"][0]["by"] == "Cora Bell"
        assert exported["refused_purposes"][0]["purpose"] == "release"
        counts = commands.erase(nia, cast.novice.pk)
        assert counts == {"shares": 1, "shares_with_her": 0, "looks": 1, "refused_purposes": 1}
    with acting(cast.operator) as olga, pytest.raises(NotFound):
        commands.erase(olga, cast.novice.pk)
