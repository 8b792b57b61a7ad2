"""What each table wants of the database, in words that both engines turn into their own statements (decision 0022)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from lantern.kernel.database.schema import is_inherited, kept_models, organisations, tenant_keys, tenant_models
from lantern.kernel.database.shape import TENANT


@dataclass(frozen=True, slots=True)
class TableRules:
    """One tenant table, or an append-only one that has no tenant (then nothing but that is wanted of it).

    `same` are its keys to rows of the same tenant, `reaching` its keys to rows that may be of a tenant above: pairs of
    column and table. `may_empty` are the columns of an append-only table that may become NULL.
    """

    table: str
    columns: tuple[str, ...]
    inherited: bool
    same: tuple[tuple[str, str], ...]
    reaching: tuple[tuple[str, str], ...]
    append_only: bool
    may_empty: tuple[str, ...]
    is_top: bool
    has_tenant: bool = True


def rules() -> Iterator[TableRules]:
    """Give what every tenant table and every append-only one wants, from the models alone."""
    top = organisations()
    for model in tenant_models():
        keys = list(tenant_keys(model))
        yield TableRules(
            table=model._meta.db_table,
            columns=tuple(str(field.column) for field in model._meta.concrete_fields),
            inherited=is_inherited(model),
            same=tuple((column, target._meta.db_table) for column, target in keys if not is_inherited(target)),
            reaching=tuple((column, target._meta.db_table) for column, target in keys if is_inherited(target)),
            append_only=bool(getattr(model, "append_only", False)),
            may_empty=_may_empty(model),
            is_top=model is top,
        )
    for model in kept_models():
        yield TableRules(
            table=model._meta.db_table,
            columns=tuple(str(field.column) for field in model._meta.concrete_fields),
            inherited=False,
            same=(),
            reaching=(),
            append_only=True,
            may_empty=_may_empty(model),
            is_top=False,
            has_tenant=False,
        )


def _may_empty(model: type[models.Model]) -> tuple[str, ...]:
    """Return the columns that may become NULL; raise ValueError for one that is not there, or is never NULL."""
    names = tuple(getattr(model, "append_only_except", ()))
    nullable = {str(field.column) for field in model._meta.concrete_fields if field.null and field.column != TENANT}
    if set(names) - nullable:
        raise ValueError(f"{model.__name__}.append_only_except names what cannot be NULL: {set(names) - nullable}")
    return names


def pointed_to(every: list[TableRules]) -> tuple[str, ...]:
    """Return the tables that composite keys point to."""
    return tuple(sorted({target for one in every for _, target in one.same}))


def top_table() -> str:
    """Return the table whose rows are the tenants."""
    return str(organisations()._meta.db_table)
