"""Sharing with a named person: one item or all of a kind, a preview of exactly what is seen, a look each time, an end
at once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lantern import models as tables
from lantern.domain.goals import commands as goals
from lantern.domain.notices import queries as notices
from lantern.domain.privacy import commands, queries
from lantern.domain.privacy.types import WORDING
from lantern.flows import sharing
from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.ui.rendering import icon
from tests.cast import Cast, acting, competencies_of, system_of
from tests.grow_facts import goal_facts
from tests.things import CANARY, make_things

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


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
        with pytest.raises(Invalid) as refused:
            share(nia, cast.coach, "plan", None)
        assert set(refused.value.fields) == {"item"}
        with pytest.raises(NotFound):
            share(nia, cast.outsider, "goal", None)


def test_the_other_person_hears_that_there_is_something_and_not_what(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        goal = goals.set_goal(nia, **goal_facts(title=CANARY))
        share(nia, cast.coach, "goal", goal.pk)
    with acting(cast.coach) as cora:
        (notice,) = notices.my_notices(cora)
        assert notice.kind == "item_shared" and CANARY not in notice.from_name
        assert (notice.from_name, notice.item_id) == ("Nia Young", queries.shared_with_me(cora)[0].id)


SHOWN: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "goal": (
        "Ask more",
        [
            ("Why it matters", "They wait too long"), ("About", "Asking good questions"),
            ("The level it leads to", "Applying"), ("The measure", "Questions an hour"), ("Where it began", "2"),
            ("Where it leads", "9"), ("By when", "5 May 2026"), ("State", "Reached"),
        ],
    ),
    "reflection": (
        "A talk",
        [
            ("What kind of learning", "Video"), ("What I take away", "Wait longer"), ("Tried with", "Class 4b"),
            ("Tried on", "6 March 2026"), ("How it went", "Parts of it worked"), ("What happened", "They spoke"),
        ],
    ),
    "need": (
        "Asking good questions",
        [
            ("In my words", "How do I ask?"), ("The level I want", "Building"),
            ("Where it came from", "You were curious"), ("State", "Met"),
        ],
    ),
}  # fmt: skip
"""What the other person reads of a goal, a reflection and a need in which everything is filled in."""


def rewrite(table: Any, **values: Any) -> None:
    """Give every row of a table these values, as a person would: sealed where they are sealed."""
    for row in table.objects.all():
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


def filled_in(cast: Cast) -> None:
    """The novice's things with every field filled in."""
    competency = competencies_of(cast.framework)[0]
    with acting(cast.novice):
        rewrite(
            tables.Goal,
            title="Ask more", why="They wait too long", competency=competency, target_level=3, baseline="2",
            measure="Questions an hour", target="9", due_on=date(2026, 5, 5), state="reached",
        )  # fmt: skip
        goal = tables.Goal.objects.get()
        for day, value in ((9, "4"), (2, "3")):
            tables.GoalCheck.objects.create(
                tenant_id=goal.tenant_id, goal=goal, on=date(2026, 3, day), value=value, note=f"Day {day}", at=NOON
            )
        rewrite(tables.Activity, title="A talk")
        rewrite(
            tables.Reflection,
            takeaway="Wait longer", try_class="Class 4b", try_on=date(2026, 3, 6), outcome="partly",
            what_happened="They spoke",
        )  # fmt: skip
        rewrite(
            tables.Need,
            competency=competency, words="How do I ask?", wanted_level=2, source="curiosity", state="met"
        )


@pytest.mark.parametrize("kind", sorted(SHOWN))
def test_what_is_filled_in_is_shown_and_nothing_else(cast: Cast, kind: str) -> None:
    make_things(cast)
    filled_in(cast)
    with acting(cast.novice) as nia:
        item_id = next(iter(sharing.sharable(kind).mine(nia)))
        shown = sharing.opened(nia, kind, item_id, "")
    title, facts = SHOWN[kind]
    assert (shown.title, list(shown.facts)) == (title, facts)
    checks = (("2 March 2026", "3", "Day 2"), ("9 March 2026", "4", "Day 9"))
    assert shown.rows == (checks if kind == "goal" else ())


def test_what_is_empty_is_left_out(cast: Cast) -> None:
    make_things(cast)
    names = {}
    with acting(cast.novice) as nia:
        rewrite(tables.Goal, why="", competency=None, target_level=None)
        for kind in SHOWN:
            item_id = next(iter(sharing.sharable(kind).mine(nia)))
            names[kind] = [name for name, _ in sharing.opened(nia, kind, item_id, "").facts]
        assert sharing.opened(nia, "need", next(iter(sharing.sharable("need").mine(nia))), "").title == (
            "In my own words"
        )
    assert names == {
        "goal": ["The measure", "Where it began", "Where it leads", "By when", "State"],
        "reflection": ["What kind of learning", "What I take away"],
        "need": ["In my words", "Where it came from", "State"],
    }


def test_a_plan_is_shown_week_by_week(cast: Cast) -> None:
    make_things(cast)
    with acting(cast.novice) as nia:
        plan = tables.Plan.objects.get()
        monday = tables.PlanItem.objects.get().monday
        assert monday is not None
        rewrite(tables.Activity, title="A talk")
        other = tables.Activity.objects.create(
            tenant_id=plan.tenant_id, person=cast.novice, title="A book", kind="book", minutes=10, created_at=NOON,
            updated_at=NOON,
        )  # fmt: skip
        tables.PlanWeek.objects.create(
            tenant_id=plan.tenant_id, plan=plan, monday=monday + timedelta(days=7), minutes=0, quiet=True
        )
        ((plan_id, title),) = sharing.sharable("plan").mine(nia).items()
        assert (plan_id, title) == (plan.pk, "Your plan")
        before = sharing.opened(nia, "plan", plan_id, "").rows
        tables.PlanItem.objects.create(tenant_id=plan.tenant_id, plan=plan, activity=other, added_at=NOON)
        after = sharing.opened(nia, "plan", plan_id, "").rows
    first, second, third = (f"{monday + timedelta(days=7 * week):%-d %B}" for week in range(3))
    assert before[:3] == (
        (first, "30 of 40", "A talk"), (second, "Quiet", "Nothing planned"), (third, "0 of 40", "Nothing planned")
    )  # fmt: skip
    assert after == (*before, ("No week yet", "", "A book"))
    with acting(cast.expert) as elena:
        assert sharing.sharable("plan").mine(elena) == {}


def test_a_video_is_shown_with_its_film_under_its_note_or_else_its_file(cast: Cast) -> None:
    make_things(cast)
    with acting(cast.novice) as nia:
        evidence_id = next(iter(sharing.sharable("evidence").mine(nia)))
        row = tables.Evidence.objects.get(pk=evidence_id)
        shown = sharing.opened(nia, "evidence", evidence_id, "")
        assert (shown.title, shown.evidence, shown.facts) == (row.note, row, ())
        assert shown.film == tables.StoredFile.objects.get(role="film")
        assert row.note != row.file.name
        tables.Evidence.objects.update(note="")
        assert sharing.opened(nia, "evidence", evidence_id, "").title == row.file.name


@pytest.mark.parametrize("kind", sorted(sharing.SHARABLE))
def test_each_kind_has_a_picture_that_there_is(kind: str) -> None:
    assert "<svg" in icon(sharing.sharable(kind).icon)


def test_my_titles_name_everything_of_mine_by_kind_and_id(cast: Cast) -> None:
    make_things(cast)
    with acting(cast.novice) as nia:
        titles = sharing.my_titles(nia)
        assert {kind for kind, _ in titles} == set(sharing.SHARABLE)
        assert titles["goal", tables.Goal.objects.get().pk].startswith("Goal")
    with acting(cast.expert) as elena:
        assert sharing.my_titles(elena) == {}


def test_a_share_holds_for_ninety_days_unless_said_otherwise_and_opens_one_item(cast: Cast) -> None:
    with acting(cast.novice) as nia, clock.standing_at(NOON):
        goal = goals.set_goal(nia, **goal_facts())
        goals.set_goal(nia, **goal_facts())
        share_id = share(nia, cast.coach, "goal", goal.pk)
        assert queries.get_share(nia, share_id).expires_at == NOON + timedelta(days=90)
    with acting(cast.coach) as cora, clock.standing_at(NOON):
        (one,) = queries.shared_with_me(cora)
        assert sharing.items_under(cora, one) == [goal.pk]
    lantern = system_of(cast.district)
    with tenancy.within(lantern.tenancy), pytest.raises(NotAllowed):
        sharing.items_under(lantern, one)
