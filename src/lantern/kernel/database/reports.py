"""Reports read released aggregates and what is public, and nothing else: not even by a mistake in their own code.

Inside `reports_only` the guard lets through only questions to those tables; on PostgreSQL the role `lantern_reports`,
which the server holds to the same list, asks them (trust.md 3.4, decision 0023). A feature says by `readable_when`
which tables those are; the kernel knows no class of data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models, transaction

from lantern.kernel.database.guard import only_tables
from lantern.kernel.database.roles import REPORTS, has_role

_rules: list[Callable[[type[models.Model]], bool]] = []


def readable_when(rule: Callable[[type[models.Model]], bool]) -> None:
    """Say which models reports may read; called once, where the classes of data are known."""
    _rules[:] = [rule]


def readable_tables() -> frozenset[str]:
    """Return the tables that reports may read."""
    every = apps.get_app_config("lantern").get_models()
    return frozenset(model._meta.db_table for model in every if any(rule(model) for rule in _rules))


@contextmanager
def reports_only() -> Iterator[None]:
    """Run the block able to read nothing but what reports may read, in a transaction of its own.

    Raises OutsideTenancy for any statement that names another table or changes anything. The tenancy in force still
    holds. On PostgreSQL without the role (an operator has not made it) the guard stands alone.
    """
    tables = readable_tables()
    with transaction.atomic():
        before = ""
        if connection.vendor == "postgresql" and has_role(connection, REPORTS):
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('role')")
                before = str(cursor.fetchone()[0])
                cursor.execute(f'SET LOCAL ROLE "{REPORTS}"')
        with only_tables(tables):
            yield
        if before:  # after an exception the rollback takes the role back
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE NONE" if before == "none" else f'SET LOCAL ROLE "{before}"')
