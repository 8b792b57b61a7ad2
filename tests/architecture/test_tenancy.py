"""The first line of defence between tenants: a query without a tenancy fails, another tenant's row does not exist
(trust.md B5).
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command

from lantern import models as tables
from lantern.kernel import clock, tenancy
from lantern.kernel.tenancy import NoTenancy, TenantManager, TenantModel
from tests.cast import Cast, acting, actor_of
from tests.things import Things, make_things

TABLES = [table for table in apps.get_app_config("lantern").get_models() if issubclass(table, TenantModel)]


@pytest.fixture
def things(cast: Cast) -> Things:
    """One of everything in the cast's district."""
    return make_things(cast)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_a_query_without_a_tenancy_fails(table: type[TenantModel], db: None) -> None:
    with pytest.raises(NoTenancy):
        list(table.objects.all())
    with pytest.raises(NoTenancy):
        table.objects.filter(pk="00000000-0000-7000-8000-000000000000").exists()
    with tenancy.unscoped("the positive control: with the guard off the query runs"):
        list(table.objects.all()[:1])


def test_what_django_asks_by_itself_is_scoped_too() -> None:
    """Also for a table without a Meta of its own, and without a change that migrations would have to know."""
    assert [table.__name__ for table in TABLES if not isinstance(table._base_manager, TenantManager)] == []


def test_the_migrations_know_every_table_as_it_is(db: None) -> None:
    with tenancy.unscoped("the tables are compared"):
        call_command("makemigrations", "lantern", check=True, dry_run=True, verbosity=0)


def test_another_tenant_finds_none_of_these_rows(cast: Cast, things: Things) -> None:
    with acting(cast.outsider):
        for name, row in things.rows.items():
            if row.tenant_id == cast.district.pk:  # type: ignore[attr-defined]
                assert not type(row)._default_manager.filter(pk=row.pk).exists(), name
    with acting(cast.novice):
        for name, row in things.rows.items():
            assert type(row)._default_manager.filter(pk=row.pk).exists(), name


def test_what_a_state_publishes_reaches_its_districts_and_not_the_other_way(cast: Cast) -> None:
    now = clock.now()
    with acting(cast.official):
        tables.Resource.objects.create(
            kind="video", modality="self_paced", title="From the state", created_at=now, updated_at=now
        )
    with acting(cast.novice):
        tables.Resource.objects.create(
            kind="video", modality="self_paced", title="From the district", created_at=now, updated_at=now
        )
        assert set(tables.Resource.objects.values_list("title", flat=True)) == {"From the state", "From the district"}
    with acting(cast.official):
        assert list(tables.Resource.objects.values_list("title", flat=True)) == ["From the state"]
    with acting(cast.outsider):
        assert list(tables.Resource.objects.values_list("title", flat=True)) == ["From the state"]


def test_a_row_cannot_be_saved_into_another_tenant(cast: Cast) -> None:
    with acting(cast.outsider), pytest.raises(NoTenancy):
        tables.Initiative.objects.create(
            tenant_id=cast.district.pk, organisation=cast.district, title="Not ours", created_at=clock.now()
        )
    with acting(cast.outsider), pytest.raises(NoTenancy):
        tables.Person(pk=cast.novice.pk, tenant_id=cast.district.pk, given_name="X", family_name="Y").save()


def test_roles_hold_between_their_days_only(cast: Cast) -> None:
    today = clock.today()
    with tenancy.unscoped("test"):
        membership = tables.Membership.objects.get(person=cast.coach)
        membership.ends_on = today
        membership.save()
        assert actor_of(cast.coach).has("coach")
        membership.begins_on, membership.ends_on = None, today.replace(year=today.year - 1)
        membership.save()
    assert not actor_of(cast.coach).has("coach")
