"""Reads the INSERT statements that Django writes, without parsing them: they may hold thousands of values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lantern.kernel.database.shape import ID, TENANT

_HEAD = re.compile(r'INSERT (?:OR IGNORE )?INTO "(?P<table>\w+)" \((?P<columns>"\w+"(?:, "\w+")*)\) ')
_ROWS = re.compile(r"VALUES \(%s(?:, %s)*\)(?:, \(%s(?:, %s)*\))*")
_ARRAYS = re.compile(r"SELECT \* FROM UNNEST\(\(%s\)::[\w ]+\[\](?:, \(%s\)::[\w ]+\[\])*\)")
_TAIL = re.compile(
    r'(?: ON CONFLICT ?(?:DO NOTHING|\((?P<unique>"\w+"(?:, "\w+")*)\) DO UPDATE SET '
    r'(?P<set>"\w+" = EXCLUDED\."\w+"(?:, "\w+" = EXCLUDED\."\w+")*)))?'
    r'(?: RETURNING [\w". ,]+)?',
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Insert:
    """A plain INSERT: its table, and the tenants of its rows; `refusal` says why it can never pass, or is empty."""

    table: str
    tenants: tuple[Any, ...] = ()
    refusal: str = ""


def read_insert(sql: str, values: Sequence[Any]) -> Insert | None:
    """Return what a plain INSERT would add, or None for a statement of another form."""
    head = _HEAD.match(sql)
    if head is None:
        return None
    columns = head["columns"].replace('"', "").split(", ")
    table, width = head["table"], len(columns)
    rows, arrays = _ROWS.match(sql, head.end()), _ARRAYS.match(sql, head.end())
    body = rows or arrays
    tail = _TAIL.fullmatch(sql, body.end()) if body else None
    if tail is None:
        return None
    if TENANT not in columns:
        return Insert(table, refusal=f"nothing holds {table} to a tenant")
    unique = (tail["unique"] or "").replace('"', "").split(", ")
    if tail["unique"] and not {ID, TENANT} & set(unique):
        return Insert(table, refusal="an ON CONFLICT that updates names the tenant, or the row's id")
    if f'"{TENANT}" =' in (tail["set"] or ""):
        return Insert(table, refusal="a row never changes its tenant")
    place = columns.index(TENANT)
    if arrays:
        return Insert(table, tuple(values[place])) if len(values) == width else None
    return Insert(table, tuple(values[place::width])) if len(values) % width == 0 else None
