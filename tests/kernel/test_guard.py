"""The guard on every connection (trust.md B5, decision 0021): a statement that is not held to one tenant never runs.

Every refused statement has its positive control: with the guard off it does reach another tenant's row. (On PostgreSQL
row-level security is taken off the tables too, in the test's own transaction; test_row_security.py has its own tests.)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from lantern import models as tables
from lantern.kernel import clock, sealing, tenancy
from lantern.kernel.database.guard import OutsideTenancy, disarmed
from lantern.kernel.tenancy import NoTenancy
from tests.cast import Cast, acting

# {mine} is the acting tenant, {theirs} the other one, {row} a person of the other one.
UNSCOPED = {
    "by its id": "SELECT id FROM lantern_person WHERE id = {row}",
    "with no condition": "SELECT id FROM lantern_person",
    "the OR trick": "SELECT id FROM lantern_person WHERE tenant_id = {mine} OR id = {row}",
    "a sub-query": (
        "SELECT id FROM lantern_person WHERE tenant_id = {mine} AND EXISTS (SELECT 1 FROM lantern_person u "
        "WHERE u.id = {row})"
    ),
    "one arm of a union": (
        "SELECT id FROM lantern_person WHERE tenant_id = {mine} UNION SELECT id FROM lantern_person"
    ),
    "the left side of a join": (
        "SELECT p.id FROM lantern_person p LEFT JOIN lantern_goal g ON p.tenant_id = {mine} AND g.person_id = p.id"
    ),
    "a join on something else": (
        "SELECT q.id FROM lantern_person p JOIN lantern_person q ON p.job_kind = q.job_kind WHERE p.tenant_id = {mine}"
    ),
    "a common table expression": "WITH every AS (SELECT * FROM lantern_person) SELECT id FROM every",
    "a negation": "SELECT id FROM lantern_person WHERE NOT (tenant_id = {mine})",
    "the other tenant": "SELECT id FROM lantern_person WHERE tenant_id = {theirs}",
    "a list with the other tenant": "SELECT id FROM lantern_person WHERE tenant_id IN ({mine}, {theirs})",
    "the tenants of a sub-query": (
        "SELECT id FROM lantern_person WHERE tenant_id IN (SELECT tenant_id FROM lantern_organisation)"
    ),
    "an update by id": "UPDATE lantern_person SET job_title = 'x' WHERE id = {row}",
    "a delete by id": "DELETE FROM lantern_goal WHERE person_id = {row}",
    "a capital": "SELECT id FROM LANTERN_PERSON WHERE id = {row}",
    "a second statement": "SELECT id FROM lantern_person WHERE tenant_id = {mine}; SELECT id FROM lantern_person",
}
SCOPED = {
    "by tenant": "SELECT id FROM lantern_person WHERE tenant_id = {mine}",
    "OR inside AND": "SELECT id FROM lantern_person WHERE tenant_id = {mine} AND (id = {row} OR job_title = '')",
    "each side of an OR": (
        "SELECT id FROM lantern_person WHERE (tenant_id = {mine} AND id = {row}) OR (tenant_id = {mine} AND active)"
    ),
    "a key to a scoped row": (
        "SELECT g.id FROM lantern_goal g JOIN lantern_person p ON p.id = g.person_id WHERE g.tenant_id = {mine}"
    ),
    "a key from a scoped row": (
        "SELECT p.id FROM lantern_person p LEFT JOIN lantern_goal g ON g.person_id = p.id WHERE p.tenant_id = {mine}"
    ),
    "a sub-query by key": (
        "SELECT id FROM lantern_person p WHERE p.tenant_id = {mine} AND EXISTS (SELECT 1 FROM lantern_goal g "
        "WHERE g.person_id = p.id)"
    ),
    "inherited, in reach": "SELECT id FROM lantern_framework WHERE tenant_id IN ({mine}, {state})",
}


def run(sql: str, cast: Cast) -> list[Any]:
    """Run a statement as a person of the far district; the rows, or how many it touched."""
    names = {"mine": cast.far_district.pk, "theirs": cast.district.pk, "row": cast.novice.pk, "state": cast.state.pk}
    field = tables.Person._meta.pk
    values: list[Any] = []

    def value(name: str) -> str:
        values.append(field.get_db_prep_value(names[name], connection, prepared=False))
        return "%s"

    text = sql
    while "{" in text:
        name = text[text.index("{") + 1 : text.index("}")]
        text = text.replace(f"{{{name}}}", value(name), 1)
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall() if cursor.description else [()] * cursor.rowcount


@contextmanager
def no_row_security() -> Iterator[None]:
    """Take row-level security off two tables for the length of the block, where there is any."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with tenancy.unscoped("the policies are taken off for a control"), connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                for table in ("lantern_person", "lantern_goal", "lantern_organisation"):
                    cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        yield
        transaction.set_rollback(True)


def goal_of(cast: Cast) -> tables.Goal:
    """A goal of the novice, in the near district."""
    now = clock.now()
    with acting(cast.novice):
        return tables.Goal.objects.create(
            person=cast.novice,
            title="T",
            measure="M",
            baseline="0",
            target="1",
            due_on=now,
            created_at=now,
            updated_at=now,
        )


@pytest.mark.parametrize("name", UNSCOPED)
@pytest.mark.requirement("C.14")
def test_a_statement_that_is_not_held_to_the_tenant_is_refused(name: str, cast: Cast) -> None:
    goal_of(cast)
    with acting(cast.outsider), pytest.raises(OutsideTenancy):
        run(UNSCOPED[name], cast)


@pytest.mark.parametrize("name", [name for name in UNSCOPED if name != "a second statement"])
def test_with_the_guard_off_each_of_them_reaches_the_other_tenant(name: str, cast: Cast) -> None:
    goal_of(cast)
    with no_row_security(), acting(cast.outsider), disarmed():
        found = run(UNSCOPED[name], cast)
        assert found, name
        if name.startswith(("by its", "with no", "the OR", "one arm", "the left", "a join", "the other", "a capital")):
            field = tables.Person._meta.pk
            others = {cast.novice.pk, cast.coordinator.pk, cast.operator.pk}
            assert others & {field.to_python(row[0]) for row in found}


@pytest.mark.parametrize("name", SCOPED)
def test_a_statement_that_is_held_to_the_tenant_runs(name: str, cast: Cast) -> None:
    goal_of(cast)
    with acting(cast.outsider):
        found = {tables.Person._meta.pk.to_python(row[0]) for row in run(SCOPED[name], cast)}
    assert cast.novice.pk not in found
    assert found or "goal" in SCOPED[name]


def test_without_a_tenancy_no_tenant_table_may_be_named(cast: Cast) -> None:
    with pytest.raises(NoTenancy), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM lantern_person")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM lantern_account")
        assert cursor.fetchone()[0] == 9
    with tenancy.unscoped("the positive control"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM lantern_person")
        assert cursor.fetchone()[0] == 9


def test_a_row_of_another_tenant_cannot_be_added_by_bulk_or_by_hand(cast: Cast) -> None:
    theirs = [
        tables.SavedSearch(tenant_id=cast.district.pk, person=cast.novice, name=str(n), at=clock.now()) for n in (1, 2)
    ]
    sealing.learn(cast.novice.pk, cast.novice.sealing_key)  # or it fails earlier, for want of her key
    with acting(cast.outsider):
        with pytest.raises(OutsideTenancy), transaction.atomic():
            tables.SavedSearch.objects.bulk_create(theirs)
        with pytest.raises(OutsideTenancy), transaction.atomic():
            tables.SavedSearch.objects.bulk_create(theirs[:1])
        with pytest.raises(OutsideTenancy), connection.cursor() as cursor:
            cursor.execute("INSERT INTO lantern_savedsearch (id, name) VALUES (1, 'x')")
    with acting(cast.novice):
        tables.SavedSearch.objects.bulk_create(theirs)
        assert tables.SavedSearch.objects.count() == 2


def test_an_upsert_does_not_take_over_another_tenants_row(cast: Cast) -> None:
    with acting(cast.novice):
        mine = tables.SavedSearch.objects.create(person=cast.novice, name="mine", at=clock.now())
    copy = tables.SavedSearch(
        pk=mine.pk, tenant_id=cast.far_district.pk, person=cast.outsider, name="taken", at=clock.now()
    )
    with acting(cast.outsider), pytest.raises(Exception, match=r"tenant|row-level security"), transaction.atomic():
        tables.SavedSearch.objects.bulk_create(
            [copy], update_conflicts=True, unique_fields=["id"], update_fields=["name"]
        )
    with acting(cast.novice):
        assert tables.SavedSearch.objects.get().name == "mine"
    with acting(cast.outsider), pytest.raises(OutsideTenancy), transaction.atomic():
        tables.StoredFile.objects.bulk_create(
            [tables.StoredFile(owner=cast.outsider, tenant_id=cast.far_district.pk, key="k", size=1, at=clock.now())],
            update_conflicts=True, unique_fields=["key"], update_fields=["name"],
        )  # fmt: skip


def test_what_django_does_by_itself_stays_in_the_tenant(cast: Cast) -> None:
    goal = goal_of(cast)
    with acting(cast.outsider):
        with pytest.raises(tables.Goal.DoesNotExist):
            goal.refresh_from_db()
        with pytest.raises(tables.Goal.DoesNotExist):
            tables.Goal._base_manager.get(pk=goal.pk)
        assert tables.Goal(pk=goal.pk).delete()[0] == 0
        goal.tenant_id = None
        with pytest.raises(Exception, match=r"tenant|updat|duplicate|UNIQUE|exist"), transaction.atomic():
            goal.save(force_update=True)
    with acting(cast.novice):
        again = tables.Goal.objects.get(pk=goal.pk)
        again.title = "Mine"
        again.save()
        again.refresh_from_db()
        assert (again.title, again.person.given_name) == ("Mine", "Nia")
        assert tables.Goal.objects.filter(pk=goal.pk).delete()[0] == 1


def test_what_a_state_published_can_be_read_below_and_not_changed(cast: Cast) -> None:
    with acting(cast.novice):
        assert tables.Framework.objects.filter(pk=cast.framework.pk).exists()
        assert tables.Framework.objects.filter(pk=cast.framework.pk).update(title="Ours now") == 0
        assert tables.Competency.objects.filter(framework=cast.framework).delete()[0] == 0
    with acting(cast.official):
        assert tables.Framework.objects.get(pk=cast.framework.pk).title == "Teaching well"
        assert tables.Competency.objects.filter(framework=cast.framework).exists()


def test_a_join_from_what_was_published_shows_no_neighbour(cast: Cast) -> None:
    """The state's resource was kept by people of two districts: each sees her own district's only."""
    now = clock.now()
    with acting(cast.official):
        video = tables.Resource.objects.create(
            kind="video", modality="self_paced", title="V", created_at=now, updated_at=now
        )
    for person in (cast.novice, cast.outsider):
        with acting(person):
            tables.SavedResource.objects.create(person=person, resource=video, at=now)
    with acting(cast.outsider):
        rows = tables.SavedResource.objects.filter(resource__title="V").values_list("person_id", flat=True)
        assert list(rows) == [cast.outsider.pk]


def test_a_join_from_a_table_without_a_tenant_is_held_too(cast: Cast) -> None:
    with acting(cast.outsider):
        assert tables.Account.objects.filter(persons=cast.outsider.pk).exists()
        assert not tables.Account.objects.filter(persons=cast.novice.pk).exists()


def test_a_statement_is_parsed_once_whatever_its_values(cast: Cast) -> None:
    from lantern.kernel.database import guard

    with acting(cast.novice):
        list(tables.Goal.objects.filter(pk__in=[cast.novice.pk]))
        before = guard._shape.cache_info().misses
        for count in range(2, 30):
            list(tables.Goal.objects.filter(pk__in=[cast.novice.pk, *(cast.school.pk for _ in range(count))]))
            list(tables.Goal.objects.filter(pk__in=[clock_id() for _ in range(count)]))
        assert guard._shape.cache_info().misses - before <= 1


def clock_id() -> Any:
    """A new id."""
    from lantern.kernel.ids import uuid7

    return uuid7()
