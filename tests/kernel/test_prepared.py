"""Kept queries send what Django would send, for everybody's own values, and refuse what they would freeze.

The whole suite runs with LANTERN_CHECK_PREPARED, so every kept query of the house is compared at every call.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from lantern import models as tables
from lantern.domain.privacy.policy import acting_person
from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed
from lantern.kernel.prepared import CannotPrepare, Key, prepared
from lantern.kernel.tenancy import NoTenancy
from tests.cast import Cast, acting, system_of


@prepared
def people_of_tenant(actor: Actor, family_names: str) -> QuerySet[tables.Person]:
    return tables.Person.objects.filter(tenant_id=actor.tenancy.own, family_name=family_names)


@prepared
def mine(actor: Actor) -> QuerySet[tables.Profile]:
    return tables.Profile.objects.filter(person_id=acting_person(actor)).select_related("person")


@prepared
def noticed(actor: Actor, since: datetime, kinds: int) -> QuerySet[tables.Notice, UUID]:
    rows = tables.Notice.objects.filter(person_id=acting_person(actor), at__gt=since).order_by("at")
    return rows.values_list("pk", flat=True)[:kinds]


def test_everybody_gets_her_own_rows_from_one_kept_query(cast: Cast) -> None:
    for person in (cast.novice, cast.expert, cast.outsider, cast.official, cast.novice):
        with acting(person) as actor:
            (row,) = mine.list(actor)
            assert (row.person_id, row.person.full_name) == (person.pk, person.full_name)


def test_another_tenant_s_rows_stay_out_although_the_sql_is_kept(cast: Cast) -> None:
    with acting(cast.novice) as actor:
        assert [row.pk for row in people_of_tenant.list(actor, "Young")] == [cast.novice.pk]
    with acting(cast.outsider) as actor:
        assert people_of_tenant.list(actor, "Young") == []
    with pytest.raises(NoTenancy):
        people_of_tenant.list(actor, "Young")


def test_times_and_numbers_reach_the_database_as_they_are(cast: Cast) -> None:
    now = clock.now()
    with acting(cast.novice) as actor:
        made = [
            tables.Notice.objects.create(person=cast.novice, kind="how_did_it_go", at=now - timedelta(days=days)).pk
            for days in (3, 2, 1)
        ]
        assert noticed.list(actor, now - timedelta(days=9), 2) == made[:2]
        assert noticed.list(actor, now - timedelta(days=2, minutes=1), 2) == made[1:]
        assert noticed.list(actor, now, 2) == []


def test_the_second_call_compiles_nothing_and_asks_once(cast: Cast) -> None:
    with acting(cast.novice) as actor:
        mine.list(actor)
        with CaptureQueriesContext(connection) as asked:
            mine.list(actor)
    assert len(asked) == 1


@prepared
def named(family_name: str) -> QuerySet[tables.Person]:
    return tables.Person.objects.filter(family_name=family_name)


def test_a_key_is_a_value_and_keeps_one_query_for_all(cast: Cast) -> None:
    with acting(cast.novice):
        assert [row.pk for row in named.list(Key("Young"))] == [cast.novice.pk]
        with CaptureQueriesContext(connection) as asked:
            assert named.list(Key("Nobody' OR 1=1")) == []
        assert len(asked) == 1 and len(named._kept) == 1
        assert len(named.list("Young")) == 1 and len(named._kept) == 2, "another text is part of the shape"


@prepared
def by_role(actor: Actor) -> QuerySet[tables.Person]:
    return tables.Person.objects.filter(Q() if actor.has("coordinator") else Q(pk=acting_person(actor)))


@prepared
def by_grant(actor: Actor) -> QuerySet[tables.Person]:
    return tables.Person.objects.filter(Q() if actor.has_over(uuid4(), "operator") else Q(pk=acting_person(actor)))


@prepared
def by_the_clock(actor: Actor) -> QuerySet[tables.Notice]:
    return tables.Notice.objects.filter(at__lt=clock.now())


@prepared
def hidden_inside(actor: Actor) -> QuerySet[tables.Person]:
    return tables.Person.objects.filter(sourced_id=f"of {actor.person_id}")


@prepared
def with_prefetch(actor: Actor) -> QuerySet[tables.Person]:
    return tables.Person.objects.filter(pk=acting_person(actor)).prefetch_related("memberships")


@pytest.mark.parametrize("query", [by_role, by_grant, by_the_clock, hidden_inside, with_prefetch])
def test_what_would_be_frozen_is_refused(cast: Cast, query: object) -> None:
    with acting(cast.coordinator) as actor, pytest.raises(RuntimeError):
        query.list(actor)  # type: ignore[attr-defined]


remembered: list[date] = []


@prepared
def forgetful(actor: Actor) -> QuerySet[tables.Notice]:
    return tables.Notice.objects.filter(person_id=acting_person(actor), at__date=remembered[-1])


def test_the_check_of_the_suite_sees_a_frozen_value(cast: Cast) -> None:
    """The positive control: what depends on something that is no argument differs from what Django would send."""
    with acting(cast.novice) as actor:
        remembered.append(date(2026, 1, 1))
        forgetful.list(actor)
        remembered.append(date(2026, 1, 2))
        with pytest.raises(CannotPrepare, match="forgetful"):
            forgetful.list(actor)


def test_the_system_s_queries_are_built_anew(cast: Cast) -> None:
    actor = system_of(cast.district)
    with tenancy.within(actor.tenancy):
        assert [row.pk for row in people_of_tenant.list(actor, "Young")] == [cast.novice.pk]
        with pytest.raises(NotAllowed):
            mine.list(actor)
