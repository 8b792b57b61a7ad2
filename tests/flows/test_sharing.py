"""Sharing with a named person: one item or all of a kind, a preview of exactly what is seen, a look each time, an end
at once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lantern import models as tables
from lantern.domain.goals import commands as goals
from lantern.domain.notices import queries as notices
from lantern.domain.privacy import commands, queries
from lantern.domain.privacy.types import WORDING
from lantern.flows import sharing
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from tests.cast import Cast, acting
from tests.grow_facts import goal_facts
from tests.things import CANARY, make_things


def share(actor: Actor, to: Any, kind: str, item_id: Any, **other: Any) -> Any:
    return sharing.share_with(actor, grantee_id=to.pk, kind=kind, item_id=item_id, purpose="To talk", **other)


@pytest.mark.requirement("N4")
@pytest.mark.parametrize("kind", sorted(sharing.SHARABLE))
def test_what_is_previewed_is_what_is_read_and_each_reading_is_listed(cast: Cast, kind: str) -> None:
    make_things(cast)
    with acting(cast.novice) as nia:
        item_id = next(iter(sharing.sharable(kind).mine(nia)))
        preview = sharing.opened(nia, kind, item_id, "")
        assert not queries.my_looks(nia).exists(), "one's own preview is no look"
        share(nia, cast.para, kind, item_id)
    with acting(cast.para) as pat:
        assert sharing.opened(pat, kind, item_id, "To talk") == preview
        assert sharing.opened(pat, kind, item_id, "To talk") == preview
        assert [(one.owner_name, one.item_kind) for one in queries.shared_with_me(pat)] == [("Nia Young", kind)]
    with acting(cast.novice) as nia:
        assert [(look.viewer_name, look.item_id) for look in queries.my_looks(nia)] == [("Pat Lee", item_id)] * 2
    assert CANARY in str(preview) or kind == "plan"


@pytest.mark.requirement("N4")
@pytest.mark.parametrize("kind", sorted(sharing.SHARABLE))
def test_nobody_who_was_not_named_reads_it(cast: Cast, kind: str) -> None:
    make_things(cast)
    with acting(cast.novice) as nia:
        item_id = next(iter(sharing.sharable(kind).mine(nia)))
        share_id = share(nia, cast.para, kind, item_id)
    for name in ("principal", "coordinator", "operator", "coach", "outsider"):
        with acting(getattr(cast, name)) as other, pytest.raises(NotFound):
            sharing.opened(other, kind, item_id, "Curious")
    with acting(cast.novice) as nia:
        commands.revoke(nia, share_id=share_id)
        assert not [look for look in queries.my_looks(nia) if look.purpose == "Curious"]
    with acting(cast.para) as pat, pytest.raises(NotFound):
        sharing.opened(pat, kind, item_id, "To talk")


def test_a_rule_opens_what_comes_later_too_and_ends_for_all_at_once(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        share_id = share(nia, cast.coach, "goal", None)
        later = goals.set_goal(nia, **goal_facts(title="Set later"))
    with acting(cast.coach) as cora:
        (shared,) = queries.shared_with_me(cora)
        assert sharing.items_under(cora, shared) == [later.pk]
        assert sharing.opened(cora, "goal", later.pk, "To talk").title == "Set later"
    with acting(cast.novice) as nia:
        commands.revoke(nia, share_id=share_id)
    with acting(cast.coach) as cora:
        assert queries.shared_with_me(cora) == []
        with pytest.raises(NotFound):
            sharing.opened(cora, "goal", later.pk, "To talk")


def test_a_rule_for_goals_opens_nothing_else_and_nobody_elses(cast: Cast) -> None:
    make_things(cast)
    with acting(cast.expert) as elena:
        hers = goals.set_goal(elena, **goal_facts())
    with acting(cast.novice) as nia:
        tables.Share.objects.all().delete()
        share(nia, cast.coach, "goal", None)
        need_id = next(iter(sharing.sharable("need").mine(nia)))
    with acting(cast.coach) as cora:
        for kind, item_id in (("need", need_id), ("goal", hers.pk)):
            with pytest.raises(NotFound):
                sharing.opened(cora, kind, item_id, "To talk")


def test_it_ends_by_itself_on_its_day(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        goal = goals.set_goal(nia, **goal_facts())
        share(nia, cast.coach, "goal", goal.pk, days=7)
    with clock.standing_at(clock.now() + timedelta(days=7, minutes=1)):
        with acting(cast.coach) as cora, pytest.raises(NotFound):
            sharing.opened(cora, "goal", goal.pk, "To talk")
        with acting(cast.novice) as nia:
            assert queries.my_shares(nia) == [] and len(queries.my_ended_shares(nia)) == 1


@pytest.mark.requirement("N4")
def test_who_also_leads_her_is_said_and_asked_twice(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        goal = goals.set_goal(nia, **goal_facts())
        with pytest.raises(Invalid) as refused:
            share(nia, cast.principal, "goal", goal.pk)
        assert set(refused.value.fields) == {"confirmed"} and queries.my_shares(nia) == []
        share_id = share(nia, cast.principal, "goal", goal.pk, confirmed=True)
        assert queries.get_share(nia, share_id).leads_owner
        assert not queries.get_share(nia, share(nia, cast.para, "goal", goal.pk)).leads_owner


def test_the_receipt_keeps_the_words_she_was_shown(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        goal = goals.set_goal(nia, **goal_facts())
        share_id = share(nia, cast.coach, "goal", goal.pk)
        assert queries.get_share(nia, share_id).wording == WORDING.number
    with acting(cast.coach) as cora, pytest.raises(NotFound):
        queries.get_share(cora, share_id)


def test_what_is_not_mine_or_is_no_thing_cannot_be_shared(cast: Cast) -> None:
    with acting(cast.expert) as elena:
        hers = goals.set_goal(elena, **goal_facts())
    with acting(cast.novice) as nia:
        with pytest.raises(NotFound):
            share(nia, cast.coach, "goal", hers.pk)
        with pytest.raises(NotFound):
            share(nia, cast.coach, "ratings", hers.pk)
        with pytest.raises(Invalid):
            share(nia, cast.coach, "plan", None)
        with pytest.raises(NotFound):
            share(nia, cast.outsider, "goal", None)


def test_the_other_person_hears_that_there_is_something_and_not_what(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        goal = goals.set_goal(nia, **goal_facts(title=CANARY))
        share(nia, cast.coach, "goal", goal.pk)
    with acting(cast.coach) as cora:
        (notice,) = notices.my_notices(cora)
        assert notice.kind == "item_shared" and CANARY not in notice.from_name
