"""The database's own catalog, not the models' word: every table of ours has a tenant, and keys that keep it (B4).

After GitLab's sharding_key_spec: a new table without them fails here, whichever way it was made.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from lantern.kernel import tenancy
from lantern.kernel.database.install import everything_wanted, present
from lantern.kernel.database.schema import WITHOUT_TENANT, is_inherited, tenant_keys, tenant_models


def columns() -> dict[str, dict[str, bool]]:
    """Table -> column -> whether it may be NULL, for every table whose name begins with lantern_."""
    found: dict[str, dict[str, bool]] = {}
    with tenancy.unscoped("the catalog"), connection.cursor() as cursor:
        for info in connection.introspection.get_table_list(cursor):
            if info.name.startswith("lantern_") and info.name != "lantern_cache":
                described = connection.introspection.get_table_description(cursor, info.name)
                found[info.name] = {column.name: bool(column.null_ok) for column in described}
    return found


def test_every_table_has_a_tenant_that_is_never_null(db: None) -> None:
    tables = columns()
    assert len(tables) > 40
    without = {table for table, described in tables.items() if described.get("tenant_id", True)}
    assert without == set(WITHOUT_TENANT)
    assert all(WITHOUT_TENANT.values())


def test_every_table_of_the_database_is_known_to_the_guards(db: None) -> None:
    assert {model._meta.db_table for model in tenant_models()} == set(columns()) - set(WITHOUT_TENANT)
    assert all(model._meta.app_label == "lantern" for model in tenant_models())


def test_every_key_to_a_tenant_table_is_kept_by_the_database(db: None) -> None:
    """Counted from the models, looked for in the catalog: a composite key on PostgreSQL, triggers on SQLite."""
    there = present(connection)
    definitions = {one.name: one.sql for one in everything_wanted(connection)}
    unkept = []
    for model in tenant_models():
        table = model._meta.db_table
        mine = " ".join(definitions[name] for kind, where, name in there if where == table)
        mine += " ".join(sql for name, sql in definitions.items() if name in mine)  # what its triggers call
        for column, target in tenant_keys(model):
            strict = connection.vendor == "postgresql" and not is_inherited(target)
            wanted = (
                f'FOREIGN KEY ("tenant_id", "{column}") REFERENCES "{target._meta.db_table}"'
                if strict
                else f'NEW."{column}"'
            )
            if wanted not in mine:
                unkept.append((table, column))
    assert unkept == []
    assert sum(len(list(tenant_keys(model))) for model in tenant_models()) > 70


def test_every_tenant_table_keeps_its_rows_in_their_tenant(db: None) -> None:
    fixed = {table for kind, table, name in present(connection) if kind == "trigger" and "_fixed_" in name}
    assert fixed == {model._meta.db_table for model in tenant_models()}


def test_the_log_and_the_ledger_are_append_only(db: None) -> None:
    kept = {table for kind, table, name in present(connection) if kind == "trigger" and "_kept_" in name}
    assert {"lantern_eventrecord", "lantern_creditentry"} <= kept
    declared = {
        model._meta.db_table
        for model in apps.get_app_config("lantern").get_models()
        if getattr(model, "append_only", False)
    }
    assert kept == declared  # with a tenant or without
    assert "lantern_doorrecord" in kept


def test_postgresql_binds_every_tenant_table_with_four_policies(db: None) -> None:
    if connection.vendor != "postgresql":
        return
    policies: dict[str, int] = {}
    for kind, table, _ in present(connection):
        policies[table] = policies.get(table, 0) + (kind == "policy")
    assert {table for table, count in policies.items() if count == 4} == {m._meta.db_table for m in tenant_models()}
