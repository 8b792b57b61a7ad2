"""The released count of goals linked to an aim: ten people or nothing, once, as a band, by Lantern's own rule."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from lantern.domain.goals import commands, queries
from lantern.domain.goals.models import Goal
from lantern.domain.goals.types import INITIATIVE_METRIC
from lantern.domain.initiatives.models import Initiative
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy import queries as privacy_queries
from lantern.domain.privacy.models import Release
from lantern.flows import releases
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import Invalid, NotAllowed
from tests.cast import Cast, acting, make_person, system_of
from tests.grow_facts import goal_facts

LAST_DAY = clock.today().replace(day=1) - timedelta(days=1)
PERIOD = f"{LAST_DAY:%Y-%m}"


@pytest.fixture
def aim(cast: Cast) -> Any:
    with tenancy.unscoped("factory"):
        return Initiative.objects.create(
            tenant_id=cast.district.pk, organisation=cast.district, title="Talk", created_at=clock.now()
        )


_numbers = count(1)


def link(cast: Cast, aim: Any, people: int, goals_each: int = 1, on: date = LAST_DAY) -> list[Any]:
    made = [make_person(cast.school, f"Lee Number{next(_numbers)}") for _ in range(people)]
    for person in made:
        with acting(person) as actor:
            for _ in range(goals_each):
                goal = commands.set_goal(actor, **goal_facts(initiative_id=aim.pk))
                Goal.objects.filter(pk=goal.pk).update(linked_on=on)
    return made


def release(cast: Cast, period: str = PERIOD) -> int:
    system = system_of(cast.district)
    with tenancy.within(system.tenancy):
        return commands.release_initiative_goals(system, period=period)


def shown(cast: Cast, aim: Any) -> str | None:
    with acting(cast.principal) as paul:
        row = privacy_queries.get_release(paul, INITIATIVE_METRIC, aim.pk)
        return row.band if row else None


@pytest.mark.requirement("P1.5")
def test_fewer_than_ten_people_are_never_counted(cast: Cast, aim: Any):
    link(cast, aim, 9, goals_each=2)
    assert release(cast) == 0
    assert shown(cast, aim) is None


@pytest.mark.requirement("P1.5")
def test_ten_people_are_counted_as_a_band_once_and_for_good(cast: Cast, aim: Any):
    link(cast, aim, 10)
    assert release(cast) == 1
    assert shown(cast, aim) == "10 to 19"
    link(cast, aim, 12)
    assert release(cast) == 0
    assert shown(cast, aim) == "10 to 19"
    with tenancy.unscoped("looking at all"):
        assert Release.objects.count() == 1
        Goal.objects.all().delete()
    assert shown(cast, aim) == "10 to 19"


def test_only_the_month_itself_counts(cast: Cast, aim: Any):
    link(cast, aim, 9)
    link(cast, aim, 1, on=LAST_DAY + timedelta(days=1))
    link(cast, aim, 1, on=LAST_DAY.replace(day=1) - timedelta(days=1))
    assert release(cast) == 0


def test_who_refused_to_be_counted_is_not(cast: Cast, aim: Any):
    people = link(cast, aim, 10)
    with acting(people[0]) as lee:
        privacy.refuse_purpose(lee, purpose="release")
    assert release(cast) == 0


def test_another_district_neither_counts_nor_sees(cast: Cast, aim: Any):
    link(cast, aim, 10)
    release(cast)
    with acting(cast.outsider) as uma:
        assert privacy_queries.get_release(uma, INITIATIVE_METRIC, aim.pk) is None


def test_nobody_asks_for_a_number(cast: Cast, aim: Any):
    for who in (cast.operator, cast.coordinator, cast.principal):
        with acting(who) as actor:
            with pytest.raises(NotAllowed):
                commands.release_initiative_goals(actor, period=PERIOD)
            with pytest.raises(NotAllowed):
                queries.people_per_initiative(actor, LAST_DAY, LAST_DAY)
            with pytest.raises(NotAllowed):
                privacy.release(actor, metric="x", subject_id=aim.pk, period=PERIOD, people=50)


@pytest.mark.parametrize("period", [f"{clock.today():%Y-%m}", "2025-13", "2025", "", "25-01", "2999-01"])
def test_a_month_that_is_not_over_or_no_month_is_refused(cast: Cast, aim: Any, period: str):
    with pytest.raises(Invalid, match="period"):
        release(cast, period)


def test_a_month_ends_where_the_next_begins():
    assert commands.month("2025-12") == (date(2025, 12, 1), date(2026, 1, 1))
    assert commands.month("2026-01") == (date(2026, 1, 1), date(2026, 2, 1))


def test_the_monthly_job_releases_the_month_that_is_over(cast: Cast, aim: Any):
    link(cast, aim, 10)
    system = system_of(cast.district)
    with tenancy.within(system.tenancy):
        ignore: Any = None
        assert releases.release_initiative_goals(system, ignore) == {"period": PERIOD, "released": 1}
        assert releases.release_initiative_goals(system, ignore) == {"period": PERIOD, "released": 0}
