"""Whose rows may be seen at all: every table has a tenant, and a query without one fails (trust.md 3.4, decision 0013).

A tenant is a state, a region or a district; a school belongs to its district's tenant. What a higher level publishes
(frameworks, resources, initiatives, rules) is *inherited* by the tenants below it; everything else is seen by its own
tenant only. This is the first line of defence; `kernel.database` is the second (decisions 0021 to 0023).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models.sql import Query

from lantern.kernel.ids import IdField
from lantern.kernel.scope import (
    Everything,
    NoTenancy,
    Scope,
    Tenancy,
    current,
    enter,
    in_force,
    leave,
    unscoped,
    within,
)

__all__ = [
    "Everything",
    "NoTenancy",
    "Scope",
    "Tenancy",
    "TenantManager",
    "TenantModel",
    "current",
    "enter",
    "in_force",
    "leave",
    "unscoped",
    "within",
]

Row = TypeVar("Row", bound=models.Model)


@lru_cache(maxsize=2048)
def _held_to(model: type[models.Model], scope: Tenancy) -> Query:
    """Return the query of all rows in reach of a tenancy, to be copied: building it costs ten times the copy."""
    if getattr(model, "inherited", False):
        return models.QuerySet(model).filter(tenant_id__in=scope.reach).query
    return models.QuerySet(model).filter(tenant_id=scope.own).query


class TenantManager(models.Manager[Row]):
    """Hands out only rows of the tenancy in force; without one it raises NoTenancy (fail closed)."""

    def get_queryset(self) -> models.QuerySet[Row]:
        """Return the rows in reach: own, or own and inherited where the model says so."""
        queryset = super().get_queryset()
        scope = in_force()
        if scope is None:
            raise NoTenancy(f"{self.model.__name__} was queried with no tenancy in force")
        if isinstance(scope, Everything):
            return queryset
        queryset.query = _held_to(self.model, scope).chain()
        return queryset


class TenantModel(models.Model):
    """A row with an opaque id and a tenant. New rows take the tenancy in force; a row never changes its tenant.

    `append_only` rows are never changed or deleted, by whichever road; the columns of `append_only_except` (such as
    "actor_id") may still become empty, which is how a person is forgotten (decision 0022, kernel/database/triggers.py).
    """

    inherited: ClassVar[bool] = False
    append_only: ClassVar[bool] = False
    append_only_except: ClassVar[tuple[str, ...]] = ()

    id = IdField()
    tenant = models.ForeignKey("lantern.Organisation", on_delete=models.PROTECT, related_name="+", editable=False)

    objects: ClassVar[models.Manager[Self]] = TenantManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save within the tenancy in force; raise NoTenancy when there is none or the row belongs to another tenant."""
        scope = in_force()
        if scope is None:
            raise NoTenancy(f"{type(self).__name__} was saved with no tenancy in force")
        if isinstance(scope, Tenancy):
            mine: UUID | None = self.tenant_id
            self.tenant_id = mine or scope.own
            if self.tenant_id != scope.own:
                raise NoTenancy(f"{type(self).__name__} of another tenant cannot be saved here")
        super().save(*args, **kwargs)


# What Django does by itself (following a key, refresh_from_db, the UPDATE of save) asks this manager too. Said here and
# not in Meta, which a table without a Meta of its own would hand on to its migrations.
TenantModel._meta.base_manager_name = "objects"
