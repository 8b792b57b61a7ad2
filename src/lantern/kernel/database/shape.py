"""Reads the shape of one SQL statement: which tables it names, and what holds each of them to a tenant.

The rule (decision 0021). Each mention of a tenant table must be *bound*:

1. by an AND-ed predicate on its own `tenant_id`: equal to a value, or IN values. Which values is checked at each
   execution (`Check`); under an OR every branch needs one;
2. or by an AND-ed equality with a bound mention, along columns for which the database itself guarantees that both rows
   are of the same tenant: `tenant_id` with `tenant_id`, a foreign key with the key it points to (composite keys and
   reach triggers, decision 0022), the same row by its id.

An ON of a LEFT JOIN binds the joined side only; RIGHT and FULL joins bind nothing. What is written must be bound to the
own tenant. What cannot be parsed, or is bound in a way this module does not know, is refused.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # what it cannot read is refused here, in our own words

TENANT = "tenant_id"
ID = "id"
_MOST_ALTERNATIVES = 16


@dataclass(frozen=True, slots=True)
class Table:
    """A tenant table: whether tenants below inherit its rows, and its foreign keys (column -> tenant table)."""

    name: str
    inherited: bool
    keys: Mapping[str, str]


Schema = Mapping[str, Table]
Slot = int | str
"""The ordinal of a named placeholder, or a literal of the text."""


@dataclass(frozen=True, slots=True)
class Check:
    """One of `alternatives` must hold: all its slots name the own tenant (`own`), or tenants in reach."""

    table: str
    own: bool
    alternatives: tuple[tuple[Slot, ...], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a statement names and what has to hold for it; `refusal` says why it can never pass, or is empty."""

    tables: frozenset[str] = frozenset()
    writes: bool = False
    checks: tuple[Check, ...] = ()
    refusal: str = ""


@dataclass(slots=True)
class _Facts:
    """What an AND-ed condition says: predicates on tenant_id by alias, and equalities between columns."""

    predicates: dict[str, list[tuple[Slot, ...]]] = field(default_factory=dict)
    edges: set[tuple[str, str, str, str]] = field(default_factory=set)

    def add(self, other: _Facts) -> None:
        for alias, alternatives in other.predicates.items():
            self.predicates.setdefault(alias, []).extend(alternatives)
        self.edges |= other.edges

    def either(self, other: _Facts) -> _Facts:
        """Return what holds whichever of the two is true."""
        both = {
            alias: [(*a, *b) for a, b in product(self.predicates[alias], other.predicates[alias])][:_MOST_ALTERNATIVES]
            for alias in self.predicates.keys() & other.predicates.keys()
        }
        return _Facts(both, self.edges & other.edges)

    def only(self, alias: str) -> _Facts:
        """Return what binds this alias: its predicates, and its equalities, which run towards it."""
        mine = {alias: self.predicates[alias]} if alias in self.predicates else {}
        into = {edge for edge in self.edges if alias in (edge[0], edge[2])}
        return _Facts(mine, {e if e[2] == alias else (e[2], e[3], e[0], e[1]) for e in into})


_Mentions = dict[str, Table | None]  # alias -> tenant table, or None for anything else


class _Refused(Exception):
    """The statement cannot pass; says why."""


def read_shape(text: str, dialect: str, schema: Schema) -> Shape:
    """Return the shape of a statement with named placeholders. Never raises: what cannot be read is refused."""
    try:
        trees = [tree for tree in sqlglot.parse(text, read=dialect) if tree is not None]
    except (SqlglotError, RecursionError) as problem:
        return Shape(refusal=f"it cannot be read ({str(problem).splitlines()[0][:100]})")
    if len(trees) != 1:
        return Shape(refusal="it is not exactly one statement")
    if not isinstance(trees[0], exp.Expression):
        return Shape(refusal="it is not a statement")
    return _Reader(schema).read(trees[0])


class _Reader:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.checks: list[Check] = []
        self.tables: set[str] = set()
        self._visited: set[int] = set()

    def read(self, tree: exp.Expression) -> Shape:
        writes = not isinstance(tree, exp.Query)
        try:
            self._statement(tree)
            self._nothing_missed(tree)
        except _Refused as refused:
            named = frozenset(table.name.lower() for table in tree.find_all(exp.Table))
            return Shape(named, writes, refusal=str(refused))
        return Shape(frozenset(self.tables), writes, tuple(self.checks))

    def _nothing_missed(self, tree: exp.Expression) -> None:
        """Refuse a table in a place that was not looked at; FOR UPDATE OF names an alias, not a table."""
        for table in tree.find_all(exp.Table):
            if id(table) not in self._visited and table.find_ancestor(exp.Lock) is None:
                raise _Refused(f"{table.name} stands in a place that is not known here")

    def _statement(self, tree: exp.Expression) -> None:
        match tree:
            case exp.Update():
                self._write(tree, _sources(tree, "from_"))
                self._assignments(tree.expressions)
            case exp.Delete():
                self._write(tree, _sources(tree, "using"))
            case exp.Insert():
                self._insert(tree)
            case exp.Select() | exp.SetOperation():
                self._query(tree, {}, frozenset())
            case _:
                raise _Refused(f"{tree.key.upper()} statements are not known here")

    # ------------------------------------------------------------------------------------------------------ reading
    def _query(self, query: exp.Expression, outer: _Mentions, ctes: frozenset[str]) -> None:
        """Check a SELECT or a set operation that can see the bound mentions of `outer`."""
        while isinstance(query, exp.Subquery | exp.Paren):
            query = query.this
        common = query.args.get("with_")
        if common is not None:
            ctes = ctes | {cte.alias_or_name for cte in common.expressions}
            for cte in common.expressions:
                self._query(cte.this, outer, ctes)
        if isinstance(query, exp.SetOperation):
            self._query(query.this, outer, ctes)
            self._query(query.expression, outer, ctes)
            return
        if not isinstance(query, exp.Select):
            raise _Refused(f"a {query.key.upper()} is not known here")
        start = query.args.get("from_")
        joins = query.args.get("joins") or []
        sources = [start.this] if start is not None else []
        self._scope(query, [*sources, *(join.this for join in joins)], joins, outer, ctes, target=None)

    def _scope(
        self,
        node: exp.Expression,
        sources: list[exp.Expression],
        joins: Iterable[exp.Join],
        outer: _Mentions,
        ctes: frozenset[str],
        target: str | None,
    ) -> None:
        mentions: _Mentions = {}
        for source in sources:
            alias, table = self._source(source, outer, ctes)
            if alias in mentions:
                raise _Refused(f"two tables are called {alias}")
            mentions[alias] = table
        facts = _Facts()
        where = node.args.get("where")
        if where is not None:
            facts.add(_facts(where.this, mentions))
        for join in joins:
            condition, side = join.args.get("on"), join.side
            if condition is not None and side in {"", "LEFT"} and not join.method:
                said = _facts(condition, mentions)
                facts.add(said.only(join.this.alias_or_name) if side == "LEFT" else said)
        self._bind(mentions, facts, outer, target)
        visible = {**outer, **mentions}
        for inner in _queries_below(node, skip={id(source) for source in sources}):
            self._query(inner, visible, ctes)

    def _source(self, source: exp.Expression, outer: _Mentions, ctes: frozenset[str]) -> tuple[str, Table | None]:
        if isinstance(source, exp.Table):
            if source.args.get("joins"):
                raise _Refused("a join in parentheses is not known here")
            return source.alias_or_name, self._table(source, ctes)
        if isinstance(source, exp.Subquery):
            self._query(source.this, outer, ctes)
            return source.alias_or_name, None
        for inner in _queries_below(source, skip=set()):
            self._query(inner, outer, ctes)
        return source.alias_or_name, None

    def _table(self, node: exp.Table, ctes: frozenset[str] = frozenset()) -> Table | None:
        self._visited.add(id(node))
        name = node.name.lower()  # SQLite knows no case in names
        if node.name in ctes:
            return None
        self.tables.add(name)
        return self.schema.get(name)

    def _bind(self, mentions: _Mentions, facts: _Facts, outer: _Mentions, target: str | None) -> None:
        """Bind every mention of a tenant table, or refuse."""
        waiting = {alias: table for alias, table in mentions.items() if table is not None}
        bound = {alias: table for alias, table in outer.items() if table is not None and alias not in mentions}
        for alias, table in list(waiting.items()):
            alternatives = facts.predicates.get(alias)
            if alternatives:
                own = alias == target or not table.inherited
                self.checks.append(Check(table.name, own, tuple(alternatives)))
                bound[alias] = waiting.pop(alias)
        found = True
        while waiting and found:
            found = False
            for source, source_column, alias, column in facts.edges:
                may = source in bound and alias in waiting and alias != target
                if may and _carries(bound[source], source_column, waiting[alias], column):
                    bound[alias], found = waiting.pop(alias), True
        for table in waiting.values():
            raise _Refused(f"nothing holds {table.name} to a tenant")

    # ------------------------------------------------------------------------------------------------------ writing
    def _write(self, node: exp.Expression, further: list[exp.Expression]) -> None:
        if node.args.get("with_") is not None:
            raise _Refused("a WITH before a change is not known here")
        target = node.this
        self._scope(node, [target, *further], [], {}, frozenset(), target=target.alias_or_name)

    def _assignments(self, assignments: Iterable[exp.Expression]) -> None:
        for assignment in assignments:
            if isinstance(assignment.this, exp.Column) and assignment.this.name != TENANT:
                continue
            slot = _slot(assignment.expression) if isinstance(assignment.this, exp.Column) else None
            if slot is None:
                raise _Refused("a row never changes its tenant")
            self.checks.append(Check(TENANT, True, ((slot,),)))

    def _insert(self, node: exp.Insert) -> None:
        """Check an INSERT that `inserts` did not recognise: plain values, or a query, with the tenant as a value."""
        into = node.this
        columns = [column.name for column in into.expressions] if isinstance(into, exp.Schema) else []
        target = into.this if isinstance(into, exp.Schema) else into
        table = self._table(target) if isinstance(target, exp.Table) else None
        if isinstance(node.expression, exp.Select):
            self._query(node.expression, {}, frozenset())
            rows = [node.expression.expressions]
        elif isinstance(node.expression, exp.Values):
            rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in node.expression.expressions]
        else:
            raise _Refused("only values and queries are inserted")
        if table is None:
            return
        if TENANT not in columns:
            raise _Refused(f"nothing holds {table.name} to a tenant")
        for row in rows:
            slot = _slot(row[columns.index(TENANT)]) if len(row) == len(columns) else None
            if slot is None:
                raise _Refused(f"the tenant of a new {table.name} is not a plain value")
            self.checks.append(Check(table.name, True, ((slot,),)))
        if node.args.get("conflict") is not None:
            raise _Refused("an ON CONFLICT of this form is not known here")


def _carries(source: Table, source_column: str, table: Table, column: str) -> bool:
    """Tell whether a bound row of `source`, by the equality of these columns, gives a bound row of `table`.

    `source` is bound to the own tenant, or to a tenant in reach where it is inherited; so must `table` be.
    """
    wide_enough = table.inherited or not source.inherited
    if source_column == column == TENANT:
        return wide_enough
    if source_column == column == ID and source.name == table.name:
        return True
    to, back = source.keys.get(source_column), table.keys.get(column)
    if column == ID and to == table.name:
        return wide_enough
    if source_column == ID and back == source.name:
        return not source.inherited
    return False


def _facts(condition: exp.Expression, mentions: _Mentions) -> _Facts:
    """Return what an AND-ed condition says; anything but AND, OR, =, IN says nothing."""
    facts = _Facts()
    match condition:
        case exp.Paren():
            return _facts(condition.this, mentions)
        case exp.And():
            facts.add(_facts(condition.this, mentions))
            facts.add(_facts(condition.expression, mentions))
        case exp.Or():
            return _facts(condition.this, mentions).either(_facts(condition.expression, mentions))
        case exp.EQ():
            for one, two in ((condition.this, condition.expression), (condition.expression, condition.this)):
                here, slot = _column(one, mentions), _slot(two)
                if here is not None and here[1] == TENANT and slot is not None:
                    facts.predicates.setdefault(here[0], []).append((slot,))
            left, right = _column(condition.this, mentions), _column(condition.expression, mentions)
            if left is not None and right is not None:
                facts.edges |= {(*left, *right), (*right, *left)}
        case exp.In() if condition.args.get("query") is None and condition.expressions:
            here = _column(condition.this, mentions)
            slots = [_slot(one) for one in condition.expressions]
            if here is not None and here[1] == TENANT:
                plain = tuple(slot for slot in slots if slot is not None)
                if len(plain) == len(slots):
                    facts.predicates.setdefault(here[0], []).append(plain)
        case _:
            pass
    return facts


def _column(node: exp.Expression, mentions: _Mentions) -> tuple[str, str] | None:
    """Return (alias, column) of a plain column, also one in parentheses or unqualified beside a single table."""
    while isinstance(node, exp.Paren):
        node = node.this
    if not isinstance(node, exp.Column):
        return None
    if node.table:
        return node.table, node.name
    return (next(iter(mentions)), node.name) if len(mentions) == 1 else None


def _slot(node: exp.Expression) -> Slot | None:
    """Return which value a node is: the ordinal of a placeholder, the text of a literal; None for anything else."""
    while isinstance(node, exp.Paren | exp.Cast):
        node = node.this
    if isinstance(node, exp.Placeholder) and str(node.this or "").startswith("g"):
        return int(node.this[1:])
    return str(node.this) if isinstance(node, exp.Literal) and node.is_string else None


def _sources(node: exp.Expression, name: str) -> list[exp.Expression]:
    found = node.args.get(name)
    if not found:
        return []
    if node.args.get("joins"):
        raise _Refused("a join in a change is not known here")
    return list(found) if isinstance(found, list) else [found.this]


def _queries_below(node: exp.Expression, skip: set[int]) -> Iterator[exp.Expression]:
    """Give the outermost queries inside a node, leaving out those below `skip` and the common table expressions."""
    waiting = [child for child in node.iter_expressions() if not isinstance(child, exp.With)]
    while waiting:
        child = waiting.pop()
        if id(child) in skip:
            continue
        if isinstance(child, exp.Select | exp.SetOperation):
            yield child
        else:
            waiting.extend(child.iter_expressions())
