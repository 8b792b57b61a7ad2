"""Queries that every page asks, compiled once: Django spends about a millisecond on building and compiling each query,
several times what the database needs to answer it (decision 0018).

    @prepared
    def _plan_of(actor: Actor) -> QuerySet[Plan]:
        return Plan.objects.filter(policy.visible(actor))

    plan = _plan_of.first(actor)

The function is an ordinary builder of a queryset and stays the one place where the query, its policy filter and its
tenancy are written. It is run twice with made-up values ("probes"), the SQL of both runs must agree, and where their
parameters differ the real values are put in at each call. Persons, tenants, ids and times are such values; anything
else (a state, a number, how many tenants lie above) is part of the shape and compiled apart. What would be frozen by
accident is refused while building: a look at the clock, or at an actor's roles.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor
from lantern.kernel.tenancy import Tenancy

Row = TypeVar("Row")
Adapter = Callable[[Any], Any]

MOST_SHAPES = 200
"""Shapes kept of one query; a query with more is asked with values that vary too much to be kept."""


class Key(str):
    """A text that is another one at each call (the number of a session): a value, where other texts are shape."""

    __slots__ = ()


class CannotPrepare(RuntimeError):
    """The builder depends on something that would be frozen, or hides a value in another one. A fault of ours."""


class Prepared(Generic[Row]):
    """A builder of querysets whose SQL is kept; call `list` or `first` with the builder's arguments."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.__name__, self.__doc__, self.__module__ = build.__name__, build.__doc__, build.__module__
        self._build = build
        self._kept: dict[object, _Statement | None] = {}

    def plain(self, *values: Any) -> QuerySet[Any, Row]:
        """Return the queryset itself, not prepared; to go on from it, and for the tests that compare both."""
        return self._build(*values)

    def list(self, *values: Any) -> list[Row]:
        """Return all rows."""
        actual = _actual(values)
        if actual is None:
            return list(self._build(*values))
        shape, given = actual
        try:
            statement = self._kept[shape]
        except KeyError:
            if len(self._kept) >= MOST_SHAPES:
                self._kept.clear()
            statement = self._kept[shape] = self._prepare(values)
        if settings.LANTERN_CHECK_PREPARED:
            self._check(statement, given, values)
        return [] if statement is None else list(statement.rows(given))

    def first(self, *values: Any) -> Row | None:
        """Return the first row, or None; the builder orders and cuts, where there may be several."""
        rows = self.list(*values)
        return rows[0] if rows else None

    def _check(self, statement: _Statement | None, given: Sequence[Any], values: tuple[Any, ...]) -> None:
        """Raise CannotPrepare when the kept SQL is not what Django would send now; the suite runs with this on."""
        queryset = self._build(*values)
        try:
            sql, params = queryset.query.get_compiler(using=queryset.db).as_sql()
        except EmptyResultSet:
            sql, params = "", ()
        kept = ("", ()) if statement is None else (statement.sql, statement.params(given))
        if (sql, tuple(params)) != kept:
            raise CannotPrepare(f"{self.__name__}: kept {kept}, but now it would be {(sql, tuple(params))}")

    def _prepare(self, values: tuple[Any, ...]) -> _Statement | None:
        try:
            compiled = [_compile(self._build, values) for _ in range(2)]
        except EmptyResultSet:
            return None
        (queryset, compiler, sql, params, probes), (_, _, again, others, other_probes) = compiled
        if sql != again or len(params) != len(others):
            raise CannotPrepare(f"{self._build.__name__}: the SQL depends on a value that is not part of its shape")
        slots: list[tuple[int | None, Any]] = []
        for one, two in zip(params, others, strict=True):
            if one == two and type(one) is type(two):
                slots.append((None, one))
            else:
                slots.append(_slot(self._build.__name__, compiler.connection, (one, probes), (two, other_probes)))
        return _Statement(queryset, compiler, sql, tuple(slots))


def prepared(build: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    """Keep the compiled SQL of a function that builds a queryset from plain values and an actor."""
    return Prepared(build)


@dataclass(frozen=True, slots=True)
class _Statement:
    """Compiled SQL, and for each parameter which value goes there in which form, or the constant."""

    queryset: QuerySet[Any, Any]
    compiler: Any
    sql: str
    slots: tuple[tuple[int | None, Any], ...]

    def params(self, given: Sequence[Any]) -> tuple[Any, ...]:
        """Return the parameters for these values."""
        return tuple(what if place is None else what(given[place]) for place, what in self.slots)

    def rows(self, given: Sequence[Any]) -> Iterator[Any]:
        """Run it and return what the queryset would: instances, tuples or single values."""
        params = self.params(given)
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[self.queryset.db]
        compiler.as_sql = lambda *_, **__: (self.sql, params)
        queryset: Any = object.__new__(type(self.queryset))  # `copy` would pickle it, and so ask with the probes
        queryset.__dict__.update(self.queryset.__dict__, _query=_Asked(self.queryset.query, compiler))
        return iter(queryset._iterable_class(queryset))


class _Asked:
    """A query that is compiled already."""

    def __init__(self, query: Any, compiler: Any) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, *_: Any, **__: Any) -> Any:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)


class _NoRoles(frozenset[str]):
    """Roles that cannot be asked for: what depends on them would be decided for everybody at once."""

    def _refuse(self, *_: object) -> Any:
        raise CannotPrepare("A prepared query may not depend on roles: they would be frozen for everybody")

    __contains__ = __iter__ = isdisjoint = issuperset = __len__ = _refuse


class _NoGrants(tuple[Any, ...]):
    """Grants that cannot be asked for."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        raise CannotPrepare("A prepared query may not depend on roles: they would be frozen for everybody")


def _actual(values: tuple[Any, ...]) -> tuple[object, list[Any]] | None:
    """Return the shape of a call and its values in order; None for the system, whose queries are built anew."""
    scope = tenancy.in_force()
    shape: list[object] = [type(scope)]
    given: list[Any] = []
    if isinstance(scope, Tenancy):
        shape.append(len(scope.above))
        given += scope.reach
    for value in values:
        if isinstance(value, Actor):
            if value.person_id is None:
                return None
            shape.append((Actor, len(value.tenancy.above)))
            given += (value.person_id, *value.tenancy.reach)
        elif isinstance(value, UUID | date):
            shape.append(type(value))
            given.append(value)
        elif isinstance(value, Key):
            shape.append(Key)
            given.append(str(value))
        elif isinstance(value, tuple) and value and all(isinstance(one, UUID) for one in value):
            shape.append((UUID, len(value)))
            given += value
        else:
            shape.append((type(value), value))
    return tuple(shape), given


def _compile(
    build: Callable[..., QuerySet[Any, Any]], values: tuple[Any, ...]
) -> tuple[Any, Any, str, list[Any], list[Any]]:
    """Run the builder with probes for its values; return queryset, compiler, SQL, parameters, probes."""
    probes: list[Any] = []

    def probe(like: object) -> Any:
        made: Any = uuid4()
        if isinstance(like, datetime):
            made = datetime(1990, 1, 1, tzinfo=like.tzinfo) + timedelta(microseconds=made.int % 10**12)
        elif isinstance(like, date):
            made = date(1990, 1, 1) + timedelta(days=made.int % 3000)
        elif isinstance(like, Key):
            made = made.hex
        probes.append(made)
        return made

    def scope_like(like: Tenancy) -> Tenancy:
        return Tenancy(probe(like.own), tuple(probe(one) for one in like.above))

    scope = tenancy.in_force()
    inside = scope_like(scope) if isinstance(scope, Tenancy) else scope
    arguments: list[Any] = []
    for value in values:
        if isinstance(value, Actor):
            person = probe(value.person_id)
            arguments.append(Actor(person, scope_like(value.tenancy), _NoGrants(), roles=_NoRoles()))
        elif isinstance(value, UUID | date | Key):
            arguments.append(probe(value))
        elif isinstance(value, tuple) and value and all(isinstance(one, UUID) for one in value):
            arguments.append(tuple(probe(one) for one in value))
        else:
            arguments.append(value)
    token = tenancy.enter(inside)
    try:
        with clock.hidden():
            queryset = build(*arguments)
            if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]  # Django's own
                raise CannotPrepare(f"{build.__name__}: prefetches are queries of their own")
            compiler = queryset.query.get_compiler(using=queryset.db)
            sql, params = compiler.as_sql()
    finally:
        tenancy.leave(token)
    return queryset, compiler, sql, list(params), probes


def _slot(name: str, connection: Any, one: tuple[Any, list[Any]], two: tuple[Any, list[Any]]) -> tuple[int, Adapter]:
    """Return which value stands at a parameter, and how this database wants it written."""
    ops = connection.ops
    adapters: tuple[Adapter, ...] = (_same, _hex, ops.adapt_datetimefield_value, ops.adapt_datefield_value)
    (found, probes), (other, others) = one, two
    for place, (first, second) in enumerate(zip(probes, others, strict=True)):
        for adapt in adapters:
            if _fits(adapt, first, found) and _fits(adapt, second, other):
                return place, adapt
    raise CannotPrepare(f"{name}: a value is hidden inside the parameter {found!r}")


def _fits(adapt: Adapter, probe: Any, found: Any) -> bool:
    try:
        return type(adapt(probe)) is type(found) and bool(adapt(probe) == found)
    except (AttributeError, TypeError, ValueError):
        return False


def _same(value: Any) -> Any:
    return value


def _hex(value: UUID) -> str:
    return value.hex
