"""`scope` (which rows) and `decide` (whether this row) say the same of every row of every table, for everybody, in
random worlds of shares (trust.md 3.3).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lantern import models as tables
from lantern.domain.privacy import policy, queries
from lantern.domain.privacy.types import Action, DataClass
from lantern.kernel import clock, tenancy
from lantern.kernel.tenancy import TenantModel
from tests.cast import Cast, acting, competencies_of, system_of
from tests.things import make_things

PEOPLE = ("novice", "expert", "para", "coach", "principal", "coordinator", "operator", "outsider")
TABLES = [table for table in apps.get_app_config("lantern").get_models() if issubclass(table, TenantModel)]


def _named(row: Model) -> Any:
    """Whom live shares name for a row, as `open_item` looks it up."""
    declared = policy.privacy_of(type(row))
    if declared.data_class is not DataClass.PRIVATE or not declared.kind:
        return frozenset()
    item = policy.item_of(row)
    assert item.owner_id is not None
    item_id = row.pk if declared.item == "pk" else getattr(row, declared.item)
    return queries.grantees_of(item.owner_id, declared.kind, item_id)


SHARABLE = [table for table in TABLES if policy.privacy_of(table).kind]


def disagreements(cast: Cast, among: list[type[TenantModel]]) -> list[tuple[str, str, bool]]:
    """Where the two differ: (person, table, what `decide` says), over every row of her tenant."""
    found = []
    for name in PEOPLE:
        with acting(getattr(cast, name)) as actor:
            for table in among:
                seen = set(policy.scope(actor, table).values_list("pk", flat=True))
                for row in table._default_manager.all():
                    allowed = policy.decide(actor, Action.READ, policy.item_of(row, _named(row))).allowed
                    if allowed != (row.pk in seen):
                        found.append((name, table.__name__, allowed))
    return found


@pytest.mark.requirement("N4")
def test_they_agree_on_every_row_of_every_table(cast: Cast) -> None:
    make_things(cast)
    assert disagreements(cast, TABLES) == []


@pytest.mark.requirement("N4")
def test_a_private_row_is_in_nobody_elses_scope_whatever_her_role(cast: Cast) -> None:
    things = make_things(cast)
    private = [row for row in things.rows.values() if policy.privacy_of(type(row)).data_class is DataClass.PRIVATE]
    assert len(private) > 8
    for name in ("para", "principal", "coordinator", "operator", "outsider"):
        with acting(getattr(cast, name)) as actor:
            assert [row for row in private if policy.scope(actor, type(row)).filter(pk=row.pk).exists()] == []


def test_a_model_without_a_class_is_read_by_nobody(cast: Cast) -> None:
    class Forgotten:
        __name__ = "Forgotten"

    with acting(cast.novice) as nia, pytest.raises(LookupError, match="declares no data class"):
        policy.scope(nia, Forgotten)  # type: ignore[arg-type]


SHARES = st.lists(
    st.tuples(
        st.sampled_from(["novice", "expert"]),
        st.sampled_from(["coach", "principal", "para", "expert", "novice"]),
        st.sampled_from(["goal", "need", "plan", "reflection"]),
        st.sampled_from(["one", "every", "of another"]),
        st.integers(-3, 3),  # days until it ends
        st.booleans(),  # revoked
    ),
    max_size=6,
)


def test_a_share_puts_its_item_into_scope_a_rule_all_of_its_kind_and_neither_more(shared_world: dict[str, Any]) -> None:
    cast, items = shared_world["cast"], shared_world["items"]

    def seen_by(name: str) -> set[Any]:
        with acting(getattr(cast, name)) as actor:
            return {pk for table in SHARABLE for pk in policy.scope(actor, table).values_list("pk", flat=True)}

    def opened(kind: str, item_id: Any, **other: Any) -> set[Any]:
        now = clock.now()
        facts = {"created_at": now, "expires_at": now + timedelta(days=1), "purpose": "x", "grantee": cast.para}
        with tenancy.unscoped("factory"):
            tables.Share.objects.all().delete()
            tables.Share.objects.create(
                tenant_id=cast.district.pk, person=cast.novice, item_kind=kind, item_id=item_id, **(facts | other)
            )
        return seen_by("para")

    with tenancy.unscoped("factory"):
        another = tables.Goal.objects.get(pk=items["novice", "goal"])
        checks = set(tables.GoalCheck.objects.filter(goal=another).values_list("pk", flat=True))
        one, another.pk = another.pk, uuid4()
        another.save(force_insert=True)
    hers = {one} | checks
    assert opened("goal", one) == hers, "one goal, and what goes with it"
    assert opened("goal", None) == hers | {another.pk}, "every goal, and of nobody else"
    assert opened("need", one) == set(), "an id of another kind opens nothing"
    assert opened("goal", items["expert", "goal"]) == set(), "naming what is somebody else's opens nothing"
    assert opened("goal", one, grantee=cast.coach) == set()
    assert opened("goal", one, revoked_at=clock.now()) == set()
    assert opened("goal", one, expires_at=clock.now()) == set()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(wanted=SHARES)
def test_they_agree_in_random_worlds_of_shares(shared_world: dict[str, Any], wanted: list[Any]) -> None:
    cast, items = shared_world["cast"], shared_world["items"]
    now = clock.now()
    with tenancy.unscoped("factory"):
        tables.Share.objects.all().delete()
        for number, (owner, grantee, kind, which, days, revoked) in enumerate(wanted):
            if owner == grantee:
                continue
            other = "expert" if owner == "novice" else "novice"
            item_id = {"one": items[owner, kind], "every": None, "of another": items[other, kind]}[which]
            tables.Share.objects.create(
                tenant_id=cast.district.pk,
                person=getattr(cast, owner),
                grantee=getattr(cast, grantee),
                item_kind=kind,
                item_id=item_id,
                purpose="x",
                created_at=now - timedelta(days=9),
                expires_at=now + timedelta(days=days, minutes=1),
                revoked_at=now - timedelta(days=1, seconds=number) if revoked or _twice(wanted, number) else None,
            )
    assert disagreements(cast, SHARABLE) == []


def _twice(wanted: list[Any], number: int) -> bool:
    """Only the first of two equal shares may be open: the table holds no more."""
    return any(wanted[number][:4] == before[:4] for before in wanted[:number])


@pytest.fixture
def shared_world(cast: Cast) -> dict[str, Any]:
    """The novice's and the expert's goal, need, plan and reflection."""
    now, tenant = clock.now(), cast.district.pk
    items: dict[tuple[str, str], Any] = {}
    with tenancy.unscoped("factory"):
        for name in ("novice", "expert"):
            person = getattr(cast, name)
            activity = tables.Activity.objects.create(
                tenant_id=tenant, person=person, title="A", kind="video", minutes=5, created_at=now, updated_at=now
            )
            goal = tables.Goal.objects.create(
                tenant_id=tenant, person=person, title="G", measure="m", baseline="0", target="1",
                due_on=clock.today(), created_at=now, updated_at=now,
            )  # fmt: skip
            tables.GoalCheck.objects.create(tenant_id=tenant, goal=goal, on=clock.today(), value="1", at=now)
            plan = tables.Plan.objects.create(tenant_id=tenant, person=person, begins_on=clock.today(), updated_at=now)
            tables.PlanItem.objects.create(tenant_id=tenant, plan=plan, activity=activity, added_at=now)
            items |= {
                (name, "goal"): goal.pk,
                (name, "plan"): plan.pk,
                (name, "need"): tables.Need.objects.create(
                    tenant_id=tenant, person=person, competency=competencies_of(cast.framework)[0],
                    source="own_words", created_at=now,
                ).pk,
                (name, "reflection"): tables.Reflection.objects.create(
                    tenant_id=tenant, person=person, activity=activity, takeaway="t", minutes=5, submitted_at=now
                ).pk,
            }  # fmt: skip
    return {"cast": cast, "items": items}


def test_the_system_reads_official_rows_and_no_private_ones(cast: Cast) -> None:
    make_things(cast)
    lantern = system_of(cast.district)
    with tenancy.within(lantern.tenancy):
        assert policy.scope(lantern, tables.Person).exists()
        assert not policy.scope(lantern, tables.Goal).exists()


def test_what_was_released_is_for_everybody_of_the_tenant_and_for_nobody_else(cast: Cast) -> None:
    with tenancy.unscoped("factory"):
        tables.ReleasedTerm.objects.create(
            tenant_id=cast.district.pk, key="2026-autumn", begins_on=clock.today(), ends_before=clock.today(),
            released_at=clock.now(),
        )  # fmt: skip
    for name in PEOPLE:
        with acting(getattr(cast, name)) as actor:
            assert policy.scope(actor, tables.ReleasedTerm).exists() is (name != "outsider")


def test_a_coach_reads_of_a_link_while_every_condition_of_it_holds(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    with tenancy.unscoped("factory"):
        link = tables.CoachLink.objects.create(
            tenant_id=cast.district.pk, educator=cast.novice, coach=cast.coach, state="active", message="Hello",
            asked_at=now,
        )  # fmt: skip

    def coach_reads() -> tuple[bool, bool]:
        with acting(cast.coach) as cora:
            item = policy.item_of(link)
            return policy.scope(cora, tables.CoachLink).exists(), policy.decide(cora, Action.READ, item).allowed

    def now_in(state: str) -> None:
        link.state = state
        with acting(cast.novice):
            link.save()

    assert coach_reads() == (True, True)
    for state in ("ended", "declined"):
        now_in(state)
        assert coach_reads() == (False, False)
        with acting(cast.novice) as nia:
            assert policy.scope(nia, tables.CoachLink).exists(), "it stays hers"
    now_in("asked")
    assert coach_reads() == (True, True)
    stricter = replace(tables.CoachLink.privacy, holds={"state": ("asked",), "educator_id": (str(cast.coach.pk),)})
    monkeypatch.setattr(tables.CoachLink, "privacy", stricter)
    assert coach_reads() == (False, False)
    monkeypatch.setattr(tables.CoachLink, "privacy", replace(stricter, holds={}))
    assert coach_reads() == (True, True)
