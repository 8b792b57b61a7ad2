"""The guard on every connection: no statement passes that does not hold each tenant table it names to the tenancy.

It parses each distinct statement once and looks at the values each time; where nobody said whose rows may be touched,
a statement that names a tenant table raises (trust.md B5, decision 0021). Inside `reports_only` it lets through only
questions to the tables that reports may read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from functools import lru_cache
from typing import Any

from lantern.kernel.database.inserts import read_insert
from lantern.kernel.database.placeholders import name_placeholders
from lantern.kernel.database.schema import kept_names, names, schema
from lantern.kernel.database.shape import Shape, read_shape
from lantern.kernel.scope import Everything, NoTenancy, Scope, Tenancy, in_force

_DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}
_TRANSACTION = re.compile(
    r"\s*(?:BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|START|SET|RESET|SHOW|PRAGMA|ANALYZE|VACUUM|CHECKPOINT)\b",
    re.IGNORECASE,
)
_ROLLBACK = re.compile(r"^\s*(?:ROLLBACK|RESET|DISCARD|ABORT)\b[^;]*;?\s*$", re.IGNORECASE)
_EXPLAIN = re.compile(r"\s*EXPLAIN\b(?:\s+QUERY\s+PLAN\b|\s+ANALYZE\b|\s*\([^)]*\))?\s*", re.IGNORECASE)
_INSERT = re.compile(r"\s*(?:INSERT|REPLACE)\b", re.IGNORECASE)
_LONGEST_KEPT = 20_000
_LONGEST_READ = 200_000


class OutsideTenancy(NoTenancy):
    """A statement would have reached past the tenancy in force. Always a fault of ours, never of the person."""


class _Kind(Enum):
    """What a text is, without parsing it."""

    FREE = "names no tenant table"
    KEPT = "names an append-only table without a tenant: its triggers ask the session whether the door is open"
    UNDOES = "takes back what was set in this transaction"
    INSERT = "adds rows, perhaps thousands"
    PARSED = "anything else: its shape decides"


_armed: ContextVar[bool] = ContextVar("lantern_guard_armed", default=True)
_reports: ContextVar[frozenset[str] | None] = ContextVar("lantern_reports_only", default=None)


@contextmanager
def disarmed() -> Iterator[None]:
    """Let every statement through: only for the positive controls of the tests and for measuring the guard's price."""
    token = _armed.set(False)
    try:
        yield
    finally:
        _armed.reset(token)


@contextmanager
def only_tables(tables: frozenset[str]) -> Iterator[None]:
    """Let through only questions to these tables (kernel/database/reports.py)."""
    token = _reports.set(tables)
    try:
        yield
    finally:
        _reports.reset(token)


@lru_cache(maxsize=2048)
def _shape(text: str, dialect: str) -> Shape:
    return read_shape(text, dialect, schema())


def _kind(sql: str) -> _Kind:
    if _ROLLBACK.search(sql):
        return _Kind.UNDOES
    if not names().search(sql) or _is_housekeeping(sql):
        return _Kind.KEPT if kept_names().search(sql) else _Kind.FREE
    return _Kind.INSERT if _INSERT.match(sql) else _Kind.PARSED


def _parsed(sql: str, dialect: str, bound: bool) -> tuple[Shape, tuple[tuple[int, int], ...]]:
    """Return the shape and where the values of each slot stand; `bound` tells whether `%s` are placeholders."""
    text = _EXPLAIN.sub("", sql, count=1)
    if len(text) > _LONGEST_READ:
        return Shape(refusal="it is too long to be read"), ()
    if not bound:
        return _shape(text, dialect), ()
    named = name_placeholders(text)
    return _shape(named.text, dialect), named.spans


def _is_housekeeping(sql: str) -> bool:
    """Tell whether it is one statement about the transaction, the session or the upkeep, which shows no row."""
    return _TRANSACTION.match(sql) is not None and ";" not in sql.rstrip("; \n")


_kind_kept = lru_cache(maxsize=4096)(_kind)
_parsed_kept = lru_cache(maxsize=4096)(_parsed)


@lru_cache(maxsize=256)
def _tenants(scope: Tenancy) -> tuple[frozenset[Any], frozenset[Any]]:
    """Return (own, reach) in each form in which a value may stand in a statement."""
    own = frozenset({scope.own, scope.own.hex, str(scope.own)})
    return own, frozenset(form for one in scope.reach for form in (one, one.hex, str(one)))


class Guard:
    """Wraps every statement of one connection.

    `adopt` is called with the scope before a statement that names a tenant table, `forget` before one that may undo it.
    """

    def __init__(
        self,
        vendor: str,
        adopt: Callable[[Scope], None] | None = None,
        forget: Callable[[], None] | None = None,
    ) -> None:
        self._dialect = _DIALECTS[vendor]
        self._adopt, self._forget = adopt, forget
        self._held_to: tuple[Tenancy, frozenset[Any], frozenset[Any]] | None = None  # the last one

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Mapping[str, Any]
    ) -> Any:
        """Run the statement if it may run. Raises NoTenancy, OutsideTenancy."""
        text = sql if isinstance(sql, str) else _as_text(sql, context)
        kept = len(text) < _LONGEST_KEPT
        kind = _kind_kept(text) if kept else _kind(text)
        tables = _reports.get()
        if tables is not None and _armed.get():
            self._report(text, params is not None, tables)
        if kind is _Kind.INSERT or kind is _Kind.PARSED:
            scope = in_force()
            if _armed.get() and not isinstance(scope, Everything):
                self._hold(scope, kind, text, params, many)
            if self._adopt is not None:
                self._adopt(scope)
        elif kind is _Kind.KEPT and self._adopt is not None:
            self._adopt(in_force())
        elif kind is _Kind.UNDOES and self._forget is not None:
            self._forget()
        return execute(sql, params, many, context)

    def _hold(self, scope: Tenancy | None, kind: _Kind, text: str, params: Any, many: bool) -> None:
        if scope is None:
            raise NoTenancy(f"A statement named a tenant table with no tenancy in force: {_short(text)}")
        if self._held_to is None or self._held_to[0] is not scope:
            self._held_to = (scope, *_tenants(scope))
        _, own, reach = self._held_to
        each = params if many else (params or (),)
        if kind is _Kind.INSERT:
            for values in each:
                self._hold_insert(text, values, own, reach)
            return
        parsed = _parsed_kept if len(text) < _LONGEST_KEPT else _parsed
        shape, spans = parsed(text, self._dialect, params is not None)
        if shape.refusal:
            raise OutsideTenancy(f"Not let through, {shape.refusal}: {_short(text)}")
        for values in each:
            _look(shape, spans, values, own, reach, text)

    def _hold_insert(self, text: str, values: Any, own: frozenset[Any], reach: frozenset[Any]) -> None:
        plain = read_insert(text, values)
        if plain is not None:
            if plain.refusal:
                raise OutsideTenancy(f"Not let through, {plain.refusal}: {_short(text)}")
            if plain.table in schema() and not own.issuperset(plain.tenants):
                raise OutsideTenancy(f"A row of another tenant would be added to {plain.table}")
            return
        named = name_placeholders(text)
        shape = read_shape(named.text, self._dialect, schema()) if len(text) < _LONGEST_KEPT else None
        if shape is None or shape.refusal:
            raise OutsideTenancy(f"Not let through, {shape.refusal if shape else 'too long'}: {_short(text)}")
        _look(shape, named.spans, values, own, reach, text)

    def _report(self, text: str, bound: bool, tables: frozenset[str]) -> None:
        """Let through only a question to `tables`. Raises OutsideTenancy."""
        if _is_housekeeping(text):
            return
        shape = _shape(name_placeholders(text).text if bound else text, self._dialect)
        # A refusal for want of a tenancy is the business of `_hold`; what could not be read names no table.
        if shape.writes or not shape.tables <= tables or (shape.refusal and not shape.tables):
            wrong = ", ".join(sorted(shape.tables - tables)) or _short(text)
            raise OutsideTenancy(f"Reports may not read or change {wrong}")


def _look(
    shape: Shape,
    spans: Sequence[tuple[int, int]],
    values: Sequence[Any],
    own: frozenset[Any],
    reach: frozenset[Any],
    text: str,
) -> None:
    """Compare the values of the statement's predicates with the tenancy. Raises OutsideTenancy."""
    for check in shape.checks:
        allowed = own if check.own else reach
        if not any(_all_in(allowed, slots, spans, values) for slots in check.alternatives):
            raise OutsideTenancy(f"{check.table} was held to another tenant: {_short(text)}")


def _all_in(
    allowed: frozenset[Any], slots: Sequence[int | str], spans: Sequence[tuple[int, int]], values: Sequence[Any]
) -> bool:
    for slot in slots:
        if isinstance(slot, str):
            if slot not in allowed:
                return False
            continue
        first, count = spans[slot]
        for value in values[first : first + count]:
            if value not in allowed:
                return False
    return True


def _as_text(sql: Any, context: Mapping[str, Any]) -> str:
    """Return the text of psycopg's composed statements, and of whatever else is given in place of a text."""
    as_string = getattr(sql, "as_string", None)
    return str(as_string(context["connection"].connection)) if callable(as_string) else str(sql)


def _short(text: str) -> str:
    """Return the beginning of a statement; its values are not in it."""
    return text if len(text) <= 300 else f"{text[:300]} …"
