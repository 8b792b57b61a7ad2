"""A term's release, from private rows to lines: who is counted, in which group, once, and what never comes out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lantern.domain.competencies.models import Competency
from lantern.domain.courses.models import Activity
from lantern.domain.initiatives.models import Initiative
from lantern.domain.insights import commands as insights
from lantern.domain.insights import queries
from lantern.domain.insights.models import ReleasedLine, ReleasedTerm, RosterEntry
from lantern.domain.insights.types import Metric, Way, Why
from lantern.domain.needs import queries as needs
from lantern.domain.needs.models import Need
from lantern.domain.plans.models import Plan, PlanItem
from lantern.domain.privacy import commands as privacy
from lantern.engine.release import term_of
from lantern.flows import releases
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.cast import Cast, acting, competencies_of, make_school, system_of
from tests.release_factory import explore, link, moment, release, staff, term


@pytest.fixture
def area(cast: Cast) -> Any:
    with tenancy.unscoped("test"):
        return Competency.objects.get(framework=cast.framework, depth=0)


def line(tenant: Any, node: Any, metric: str = Metric.NEED_AREA, way: str = Way.PLACE) -> Any:
    with tenancy.unscoped("test"):
        return ReleasedLine.objects.get(
            tenant_id=tenant.pk, node=str(getattr(node, "pk", node)), metric=metric, way=way,
            **({"about": "Teaching well"} if metric == Metric.NEED_AREA else {}),
        )  # fmt: skip


def value(tenant: Any, node: Any, metric: str = Metric.NEED_AREA) -> tuple[Any, Any, str]:
    found = line(tenant, node, metric)
    return found.low, found.high, found.why


@pytest.mark.requirement("C.11")
@pytest.mark.requirement("P7.9")
def test_a_need_map_of_a_school_with_small_groups_suppressed(cast: Cast) -> None:
    people = staff(cast.school, 20)
    staff(cast.other_school, 4)
    first, second = competencies_of(cast.framework)[:2]
    for person in people[:6]:
        explore(person, first)
        explore(person, second, by_rating=True)
    for person in people[6:9]:
        explore(person, second, by_rating=True)
    release(cast)
    # 20 made here, and two teachers of the cast: 9 of 22 are 40 to 50 %
    assert value(cast.district, cast.school) == (None, None, Why.PROTECTS_ANOTHER)
    assert value(cast.district, cast.other_school) == (None, None, Why.TOO_FEW)
    assert value(cast.district, cast.district) == (30, 40, "")
    assert (line(cast.district, cast.district).size_from, line(cast.district, cast.district).size_to) == (21, 40)


def test_without_a_small_group_beside_it_the_school_is_shown(cast: Cast) -> None:
    people = staff(cast.school, 20)
    for person in people[:9]:
        explore(person, competencies_of(cast.framework)[0])
    release(cast)
    assert value(cast.district, cast.school) == (40, 50, "")
    assert value(cast.district, f"{cast.school.pk}:upper") == (40, 50, "")


def test_only_the_term_itself_counts_and_one_bit_a_person(cast: Cast) -> None:
    people = staff(cast.school, 20)
    competency = competencies_of(cast.framework)[0]
    days = (term().ends_before - term().begins_on).days
    for person in people[:5]:
        for _ in range(3):
            explore(person, competency)
    for person in people[5:]:
        explore(person, competency, days=-2)
        explore(person, competency, days=days + 1)
    release(cast)
    assert value(cast.district, cast.school)[:2] == (20, 30)  # 5 of 22


@pytest.mark.requirement("P7.9")
def test_who_refuses_is_in_neither_the_figure_nor_the_group(cast: Cast) -> None:
    people = staff(cast.school, 9)  # with the two of the cast: eleven, each with ten others
    release_of = {person.pk for person in people}
    with acting(people[0]) as lee:
        privacy.refuse_purpose(lee, purpose="release")
    release(cast)
    assert value(cast.district, cast.district)[2] == Why.TOO_FEW
    with tenancy.unscoped("test"):
        counted = set(RosterEntry.objects.values_list("person_id", flat=True))
    assert counted & release_of == release_of - {people[0].pk}


def test_eleven_are_enough(cast: Cast) -> None:
    """The positive control of the test above: nobody refuses."""
    staff(cast.school, 9)
    release(cast)
    assert value(cast.district, cast.district) == (0, 20, "")


def test_those_who_read_and_those_without_an_account_are_not_counted(cast: Cast) -> None:
    without = staff(cast.school, 3)
    with tenancy.unscoped("test"):
        type(without[0]).objects.filter(pk__in=[person.pk for person in without]).update(account=None)
    release(cast)
    with tenancy.unscoped("test"):
        counted = set(RosterEntry.objects.values_list("person_id", flat=True))
    assert {cast.novice.pk, cast.expert.pk, cast.coach.pk} <= counted
    assert counted.isdisjoint({cast.principal.pk, cast.coordinator.pk, cast.official.pk, cast.outsider.pk})
    assert counted.isdisjoint(person.pk for person in without)


@pytest.mark.requirement("C.4")
def test_the_share_of_hours_that_answer_a_goal_is_a_mean_of_bounded_shares(cast: Cast) -> None:
    people = staff(cast.school, 20)
    for number, person in enumerate(people):
        if number < 10:
            learn(person, minutes=60 if number else 50_000, for_goal=True)
        if number < 5:
            learn(person, minutes=60 if number else 50_000, for_goal=False)
    release(cast)
    # five at one half, five at one, the rest at nothing: 7.5 among the 20 and five of the cast is 30 %
    assert value(cast.district, cast.district, Metric.GOAL_HOURS) == (30, 40, "")


def learn(person: Any, minutes: int, for_goal: bool) -> None:
    at = moment()
    with tenancy.unscoped("factory"):
        activity = Activity.objects.create(
            tenant_id=person.tenant_id, person=person, title="canary", kind="video", minutes=minutes, percent=100,
            state="finished", minutes_spent=minutes, finished_at=at, created_at=at, updated_at=at,
        )  # fmt: skip
        if for_goal:
            from lantern.domain.goals.models import Goal

            goal = Goal.objects.create(
                tenant_id=person.tenant_id, person=person, title="canary", measure="m", baseline="0", target="1",
                due_on=at.date() + timedelta(days=90), created_at=at, updated_at=at,
            )  # fmt: skip
            plan, _ = Plan.objects.get_or_create(
                tenant_id=person.tenant_id, person=person, defaults={"begins_on": at.date(), "updated_at": at}
            )
            PlanItem.objects.create(tenant_id=person.tenant_id, plan=plan, activity=activity, goal=goal, added_at=at)


def aim_of(cast: Cast, organisation: Any) -> Any:
    with tenancy.unscoped("factory"):
        return Initiative.objects.create(
            tenant_id=organisation.tenant_id, organisation=organisation, title="Talk", created_at=moment()
        )


@pytest.mark.requirement("P1.5")
def test_linked_goals_of_an_aim_are_released_like_everything_else(cast: Cast) -> None:
    aim = aim_of(cast, cast.district)
    for person in staff(cast.school, 20)[:10]:
        link(person, aim)
    staff(cast.far_school, 20)
    release(cast)
    with acting(cast.para) as pat:
        found = queries.figure_of_aim(pat, aim.pk, cast.district.pk)
    assert found is not None and (found[0], found[1].share) == (term().words, "40 to 50 %")  # 10 of 25
    with acting(cast.outsider) as uma:
        assert queries.figure_of_aim(uma, aim.pk, cast.district.pk) is None


def test_once_and_for_good(cast: Cast) -> None:
    people = staff(cast.school, 20)
    assert release(cast)["figures"] > 0
    with tenancy.unscoped("test"):
        before = list(ReleasedLine.objects.order_by("pk").values())
    for person in people:
        explore(person, competencies_of(cast.framework)[0])
    with acting(people[0]) as lee:
        insights.erase(lee, people[0].pk)
    assert release(cast)["figures"] == 0
    with tenancy.unscoped("test"):
        assert list(ReleasedLine.objects.order_by("pk").values()) == before
        row = ReleasedLine.objects.first()
        assert row is not None
        with pytest.raises(TypeError, match="once"):
            row.save()
        with pytest.raises(TypeError, match="once"):
            row.delete()
        assert RosterEntry.objects.filter(person=people[0]).count() == 0
        assert RosterEntry.objects.filter(person=None, service_band="", organisation=cast.school).count() == 1
    system = system_of(cast.state)
    with tenancy.within(system.tenancy), pytest.raises(Conflict):
        insights.store_term(
            system, key=term().key, begins_on=term().begins_on, ends_before=term().ends_before, roster=[], lines=[]
        )


def test_by_itself_it_releases_the_first_term_that_the_tenant_saw(cast: Cast) -> None:
    staff(cast.school, 20)
    system = system_of(cast.state)
    running = term_of(clock.today())
    with tenancy.within(system.tenancy):
        assert (releases.release_term(system, None) or {}) == {"term": term().key, "figures": 0}
        assert not ReleasedTerm.objects.exists()
        over = clock.now() + (running.ends_before - clock.today()) + timedelta(days=1)
        with clock.standing_at(over):
            assert (releases.release_term(system, None) or {})["figures"] > 0
            assert queries.list_terms(system)[0].key == running.key


def test_a_district_below_a_state_releases_nothing_by_itself(cast: Cast) -> None:
    system = system_of(cast.district)
    with tenancy.within(system.tenancy):
        assert (releases.release_term(system, None) or {})["figures"] == 0
        assert not ReleasedTerm.objects.exists()


@pytest.mark.parametrize("key", ["2999-autumn", "2026-13", "spring"])
def test_a_term_that_is_not_over_or_no_term_is_refused(cast: Cast, key: str) -> None:
    system = system_of(cast.state)
    with tenancy.within(system.tenancy), pytest.raises(Invalid, match="term"):
        releases.release_term(system, None, term=key)


def test_nobody_asks_for_a_number(cast: Cast) -> None:
    for who in (cast.operator, cast.coordinator, cast.principal, cast.official):
        with acting(who) as actor:
            with pytest.raises(NotAllowed):
                needs.explored(actor, moment(), moment())
            with pytest.raises(NotAllowed):
                insights.store_term(
                    actor, key="2020-spring", begins_on=clock.today(), ends_before=clock.today(), roster=[], lines=[]
                )


@pytest.mark.requirement("C.14")
def test_each_level_reads_its_own_and_the_next(cast: Cast, area: Any) -> None:
    staff(cast.school, 20)
    staff(cast.far_school, 20)
    release(cast)
    levels = {}
    for role in ("coordinator", "principal", "official", "outsider", "novice", "coach", "operator"):
        with acting(getattr(cast, role)) as actor:
            try:
                rows = queries.get_report(actor, term().key, f"need_area:{area.pk}").rows
            except NotFound:
                rows = ()
            levels[role] = [row.name for row in rows]
    assert levels["coordinator"] == ["Riverbend", "Alder School", "Birch School"]
    assert levels["principal"] == ["Alder School", "Grades 3 to 5", "Several bands, or no grade"]
    assert levels["official"] == ["State of Maple", "River region", "Faraway", "Riverbend"]
    assert levels["outsider"] == ["Faraway", "Cedar School"]
    assert levels["novice"] == levels["coach"] == levels["operator"] == []


def test_a_district_may_ask_for_larger_groups_and_never_for_smaller_ones(cast: Cast) -> None:
    staff(cast.school, 15)
    with acting(cast.coordinator) as dana:
        for people in (9, 1, 101):
            with pytest.raises(Invalid):
                insights.set_smallest_group(dana, people=people)
        insights.set_smallest_group(dana, people=30)
        assert queries.smallest_group(dana) == 30
    with acting(cast.principal) as paul, pytest.raises(NotAllowed):
        insights.set_smallest_group(paul, people=12)
    release(cast)
    assert value(cast.district, cast.district)[2] == Why.TOO_FEW


def test_each_person_is_told_in_which_figures_she_is(cast: Cast) -> None:
    staff(cast.school, 12)
    release(cast)
    with acting(cast.novice) as nia:
        mine = [(each.term, each.metric) for each in queries.my_releases(nia)]
        taken = queries.export_for(nia)
    assert mine == [
        (term().words, "Explored a need: Practice"), (term().words, "Hours that answer a goal of one's own"),
        (term().words, "Needs answered within 14 days"),
    ]  # fmt: skip
    assert taken["counted"][0]["place"] == "Alder School" and len(taken["figures"]) == 3
    assert "low" not in str(taken) and "%" not in str(taken)
    with acting(cast.principal) as paul:
        assert queries.my_releases(paul) == []
    with acting(cast.para) as pat:  # two paraprofessionals are no group: her framework has no figure
        figures = [each.metric for each in queries.my_releases(pat)]
        assert figures == ["Hours that answer a goal of one's own", "Needs answered within 14 days"]


def test_the_second_cut_is_shown_where_it_is_safe_and_dropped_where_it_is_not(cast: Cast, area: Any) -> None:
    staff(cast.school, 14, years_experience=2)
    staff(cast.school, 14, years_experience=15)
    staff(cast.other_school, 14, years_experience=2)
    staff(cast.other_school, 14, years_experience=15)
    staff(cast.other_school, 12, years_experience=25)  # beside them the expert of the cast is no group of one
    staff(cast.far_school, 15, years_experience=2)
    staff(make_school(cast.far_district, "Dogwood School"), 15, years_experience=15)
    staff(cast.far_school, 1, years_experience=15)
    release(cast)
    key = f"need_area:{area.pk}"
    with acting(cast.coordinator) as dana:
        mine = queries.get_report(dana, term().key, key)
    with acting(cast.outsider) as uma:
        theirs = queries.get_report(uma, term().key, key)
    assert mine.has_cut and not mine.cut_dropped
    assert [row.name for row in mine.cut if row.share] == ["Up to 3 years", "11 to 20 years", "More than 20 years"]
    assert theirs.has_cut and theirs.cut == () and "small group" in theirs.cut_dropped


def test_no_need_survives_in_what_was_written(cast: Cast) -> None:
    for person in staff(cast.school, 12):
        explore(person, competencies_of(cast.framework)[0])
    release(cast)
    with tenancy.unscoped("test"):
        assert [need.words for need in Need.objects.all()].count("canary") == 12
        written = [*ReleasedLine.objects.values(), *RosterEntry.objects.values(), *ReleasedTerm.objects.values()]
    assert "canary" not in str(written)
