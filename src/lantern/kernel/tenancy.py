"""Whose rows may be seen at all: every table has a tenant, and a query without one fails (trust.md 3.4, decision 0013).

A tenant is a state, a region or a district; a school belongs to its district's tenant. What a higher level publishes
(frameworks, resources, initiatives, rules) is *inherited* by the tenants below it; everything else is seen by its own
tenant only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models

from lantern.kernel.ids import IdField


class NoTenancy(RuntimeError):
    """A query was made while nobody said whose rows it may see. Always a fault of ours, never of the person."""


@dataclass(frozen=True, slots=True)
class Tenancy:
    """The tenant one acts in (`own`) and the tenants above it, nearest first, whose published rows one inherits."""

    own: UUID
    above: tuple[UUID, ...] = ()

    @property
    def reach(self) -> tuple[UUID, ...]:
        """Return own and inherited tenants."""
        return (self.own, *self.above)


class _Everything:
    """The scope of system work that goes tenant by tenant, or that happens before anyone is known (sign-in)."""


_current: ContextVar[Tenancy | _Everything | None] = ContextVar("lantern_tenancy", default=None)


def current() -> Tenancy:
    """Return the tenancy in force; raise NoTenancy when there is none or when it is unscoped."""
    scope = _current.get()
    if not isinstance(scope, Tenancy):
        raise NoTenancy("No tenancy is set: wrap the work in tenancy.within(...)")
    return scope


def in_force() -> object:
    """Return whatever scope is in force (a Tenancy, none, or all tenants), for machinery that only passes it on."""
    return _current.get()


def enter(tenancy: Any) -> Token[Any]:
    """Set the tenancy until `leave` is called with the token; for the gate, which cannot use a with block."""
    return _current.set(tenancy)


def leave(token: Token[Any]) -> None:
    """Restore what was in force before `enter`."""
    _current.reset(token)


@contextmanager
def within(tenancy: Tenancy) -> Iterator[Tenancy]:
    """Run the block in this tenancy."""
    token = _current.set(tenancy)
    try:
        yield tenancy
    finally:
        _current.reset(token)


@contextmanager
def unscoped(reason: str) -> Iterator[None]:
    """Run the block across tenants. `reason` is for the reader; who may call this is a list in tests/architecture."""
    if not reason:
        raise ValueError("Say why work crosses tenants")
    token = _current.set(_Everything())
    try:
        yield
    finally:
        _current.reset(token)


Row = TypeVar("Row", bound=models.Model)


class TenantManager(models.Manager[Row]):
    """Hands out only rows of the tenancy in force; without one it raises NoTenancy (fail closed)."""

    def get_queryset(self) -> models.QuerySet[Row]:
        """Return the rows in reach: own, or own and inherited where the model says so."""
        queryset = super().get_queryset()
        scope = _current.get()
        if scope is None:
            raise NoTenancy(f"{self.model.__name__} was queried with no tenancy in force")
        if isinstance(scope, _Everything):
            return queryset
        if getattr(self.model, "inherited", False):
            return queryset.filter(tenant_id__in=scope.reach)
        return queryset.filter(tenant_id=scope.own)


class TenantModel(models.Model):
    """A row with an opaque id and a tenant. New rows take the tenancy in force; a row never changes its tenant."""

    inherited: ClassVar[bool] = False

    id = IdField()
    tenant = models.ForeignKey("lantern.Organisation", on_delete=models.PROTECT, related_name="+", editable=False)

    objects: ClassVar[models.Manager[Self]] = TenantManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save within the tenancy in force; raise NoTenancy when there is none or the row belongs to another tenant."""
        scope = _current.get()
        if scope is None:
            raise NoTenancy(f"{type(self).__name__} was saved with no tenancy in force")
        if isinstance(scope, Tenancy):
            mine: UUID | None = self.tenant_id
            self.tenant_id = mine or scope.own
            if self.tenant_id != scope.own:
                raise NoTenancy(f"{type(self).__name__} of another tenant cannot be saved here")
        super().save(*args, **kwargs)
