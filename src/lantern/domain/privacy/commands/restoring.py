"""Reading one's own records back from an export: private rows only, always as one's own, each checked."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import ForeignKey, Model

from lantern.domain.privacy import policy, queries
from lantern.domain.privacy.events import RecordsBroughtBack
from lantern.domain.privacy.types import DataClass
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid
from lantern.kernel.events import publish
from lantern.kernel.tenancy import TenantModel

MOST_RECORDS = 100_000
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_YEARS = range(1900, 2200)
"""No day of anybody's work is outside; at the edge of the calendar a time zone cannot be reckoned."""
_DOES_NOT_HOLD = (ValidationError, ValueError, KeyError, TypeError, OverflowError, IntegrityError, DataError)
"""What a row that anybody may have written can meet with on its way: it is left out, and the others are not."""


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """What came of it: rows written and rows that were there already, by table, and why others were left out."""

    written: dict[str, int]
    there_already: int
    left_out: tuple[str, ...]


@transaction.atomic
def bring_back(
    actor: Actor, *, records: Iterable[Mapping[str, Any]], replaced: Mapping[str, Mapping[str, Any]] | None = None
) -> BroughtBack:
    """Write private rows of an export again, as mine, with their ids; nothing that is there is changed.

    A row whose owner, fields or ties do not hold here is left out with its reason. `replaced` are fields by row id that
    only this installation knows (where a file lies now). Raises Invalid when there are too many.
    """
    me = policy.acting_person(actor)
    by_table: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for number, record in enumerate(records):
        if number >= MOST_RECORDS:
            raise Invalid({"archive": f"There are more than {MOST_RECORDS:,} records in this file."})
        by_table[str(record.get("table"))].append(record)
    written: dict[str, int] = {}
    left_out: list[str] = []
    there = 0
    for table in queries.brought_back():
        for record in by_table.get(table.__name__, ()):
            try:
                with transaction.atomic():
                    new = _write(me, actor.tenancy.own, table, record, (replaced or {}).get(str(record.get("id")), {}))
            except _DOES_NOT_HOLD as problem:
                left_out.append(f"{table.__name__} {str(record.get('id'))[:36]}: {_in_words(problem)}")
                continue
            written[table.__name__] = written.get(table.__name__, 0) + int(new)
            there += int(not new)
    publish(actor, RecordsBroughtBack(sum(written.values())))
    return BroughtBack(written, there, tuple(left_out))


def _write(
    me: UUID, tenant_id: UUID, table: type[TenantModel], record: Mapping[str, Any], replaced: Mapping[str, Any]
) -> bool:
    """Write one row; False when it is there already. Raises ValueError or ValidationError with the reason."""
    fields = dict(record["fields"]) | dict(replaced)
    known = {field.attname: field for field in table._meta.concrete_fields}
    if unknown := fields.keys() - known.keys():
        raise ValueError(f"it has fields that are not known here: {', '.join(sorted(unknown))[:80]}")
    row: Any = table(id=UUID(str(record["id"])))
    there = table._default_manager.filter(pk=row.pk).first()
    if there is not None:
        if policy.item_of(there).owner_id != me:
            raise ValueError("its id belongs to something else")
        return False
    owner = policy.privacy_of(table).owner
    for name, value in fields.items():
        field = known[name]
        found = _tied(field, value, me) if isinstance(field, ForeignKey) else value
        kept = field.to_python(found) if found is not None else None
        if isinstance(kept, float) and not math.isfinite(kept):
            raise ValueError(f"its {name} is no number")  # SQLite would take NaN as nothing, PostgreSQL as above all
        if isinstance(kept, date) and kept.year not in _YEARS:
            raise ValueError(f"its {name} is in no year that can be")
        setattr(row, name, kept)
    if "__" not in owner:
        setattr(row, f"{owner}_id", me)
    row.tenant_id = tenant_id
    if table.__name__ == "StoredFile" and not row.key:
        raise ValueError("its file is not in the archive, or is a video, which is not read back")
    values = {field: getattr(row, field.attname) for field in known.values()}
    if missing := [field.name for field, value in values.items() if value is None and not field.null]:
        raise ValueError(f"it has no {', '.join(missing)[:80]}")
    row.clean_fields(exclude=["tenant", *(field.name for field, value in values.items() if value in _EMPTY)])
    row.clean()
    row.validate_constraints()
    if policy.item_of(row).owner_id != me:
        raise ValueError("what it belongs to is not yours")
    row.save(force_insert=True)
    return True


def _tied(field: Any, value: Any, me: UUID) -> UUID | None:
    """Return the id that a row points to, when that is here; None where it may be empty. Raises ValueError."""
    if value is None:
        return None
    target: type[Model] = field.related_model
    if target.__name__ == "Person":
        return me
    found = target._default_manager.filter(pk=UUID(str(value))).first()
    if found is not None and _is_anothers(found, me):
        found = None  # a private thing of somebody else is not there for her
    if found is None and not field.null:
        raise ValueError(f"what it belongs to ({field.name}) is not here")
    return None if found is None else UUID(str(found.pk))


def _is_anothers(row: Any, me: UUID) -> bool:
    if not hasattr(type(row), "privacy"):
        return False
    declared = policy.privacy_of(type(row))
    return declared.data_class is DataClass.PRIVATE and policy.item_of(row).owner_id != me


def _in_words(problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        return "; ".join(problem.messages)[:160]
    if isinstance(problem, IntegrityError | DataError):  # in the words of the database, with the values
        return "it holds something that cannot be kept here"
    if isinstance(problem, OverflowError):
        return "it holds a number that is too large"
    return str(problem)[:160]
