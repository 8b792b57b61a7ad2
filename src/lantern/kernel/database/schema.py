"""What the tables are, read from the models once: which have a tenant, which are inherited, which point where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from django.apps import apps
from django.db import models

from lantern.kernel.database.shape import TENANT, Schema, Table

WITHOUT_TENANT: dict[str, str] = {
    "lantern_account": "one signs in before the tenant is known, and may serve a person in two districts (0014)",
    "lantern_signintry": "a guess at a password is counted by account and address, before anybody is known (0026)",
    "lantern_linkasked": "a link to choose a password is asked for by an address that may be nobody's (0026)",
    "lantern_doorrecord": "who signs in, or fails to, is sealed before the tenant is known (0024)",
    "lantern_doortally": "how often strangers knocked, by nobody's name (0024)",
}
"""Tables of ours that have no tenant, each with its reason; any other table of ours without one fails a test."""


def tenant_models() -> Iterator[type[models.Model]]:
    """Give every model that has a tenant, in the order of the tables' names."""
    for model in sorted(apps.get_app_config("lantern").get_models(), key=lambda one: one._meta.db_table):
        if any(field.column == TENANT for field in model._meta.concrete_fields):
            yield model


def is_inherited(model: type[models.Model]) -> bool:
    """Tell whether the tenants below see what is published in this table."""
    return bool(getattr(model, "inherited", False))


def tenant_keys(model: type[models.Model]) -> Iterator[tuple[str, type[models.Model]]]:
    """Give (column, model pointed to) of every foreign key to a tenant table, the tenant itself left out."""
    for field in model._meta.concrete_fields:
        target = field.remote_field.model if field.remote_field else None
        if field.column in {None, TENANT} or target is None or isinstance(target, str):
            continue
        if any(other.column == TENANT for other in target._meta.concrete_fields):
            yield str(field.column), target


def organisations() -> type[models.Model]:
    """Return the model whose rows are the tenants; its `parent` is the tenant above."""
    target = next(iter(tenant_models()))._meta.get_field("tenant").remote_field.model  # type: ignore[union-attr]
    return target


def kept_models() -> Iterator[type[models.Model]]:
    """Give every model without a tenant whose rows are nevertheless never changed or deleted."""
    for model in sorted(apps.get_app_config("lantern").get_models(), key=lambda one: one._meta.db_table):
        if model._meta.db_table in WITHOUT_TENANT and getattr(model, "append_only", False):
            yield model


@cache
def schema() -> Schema:
    """Return every tenant table by its name, as `shape` wants it."""
    top = organisations()._meta.db_table
    return {
        model._meta.db_table: Table(
            model._meta.db_table,
            is_inherited(model),
            {TENANT: top} | {column: target._meta.db_table for column, target in tenant_keys(model)},
        )
        for model in tenant_models()
    }


@cache
def names() -> re.Pattern[str]:
    """Return a pattern that finds the name of any tenant table in a statement."""
    return _finding(schema())


@cache
def kept_names() -> re.Pattern[str]:
    """Return a pattern that finds the name of any append-only table without a tenant in a statement."""
    return _finding(model._meta.db_table for model in kept_models())


def _finding(tables: Iterable[str]) -> re.Pattern[str]:
    alternatives = "|".join(sorted(map(re.escape, tables), key=len, reverse=True))
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)
