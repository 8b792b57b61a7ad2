"""Whose rows the present work may touch, kept in a context variable that every line of defence reads.

No Django here: the database engines read it while the models are still being loaded. `kernel.tenancy` hands it on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Any
from uuid import UUID


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


class Everything:
    """The scope of system work that goes tenant by tenant, or that happens before anyone is known (sign-in)."""


Scope = Tenancy | Everything | None

_current: ContextVar[Scope] = ContextVar("lantern_tenancy", default=None)


def in_force() -> Scope:
    """Return the tenancy in force, Everything inside `unscoped`, or None where nobody said anything."""
    return _current.get()


def current() -> Tenancy:
    """Return the tenancy in force; raise NoTenancy when there is none or when it is unscoped."""
    scope = _current.get()
    if not isinstance(scope, Tenancy):
        raise NoTenancy("No tenancy is set: wrap the work in tenancy.within(...)")
    return scope


def enter(tenancy: Scope) -> Token[Any]:
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
    token = _current.set(Everything())
    try:
        yield
    finally:
        _current.reset(token)
