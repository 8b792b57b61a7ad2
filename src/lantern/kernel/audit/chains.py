"""Going along every chain of the installation to see whether it is whole (trust.md F2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from lantern.engine import audit_chain
from lantern.kernel import tenancy
from lantern.kernel.audit import COLUMNS, DOOR, DOOR_COLUMNS, sealed_fields
from lantern.kernel.audit.models import AuditRecord, DoorRecord

_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Checked:
    """One chain, by its name (a tenant's id in hex, or "door"), and how far it is whole."""

    chain: str
    verdict: audit_chain.Verdict


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row of a chain: what an anchor keeps."""

    chain: str
    sequence: int
    seal: str


def names() -> list[str]:
    """Return the names of all chains that have a row, the door's first."""
    with tenancy.unscoped("the trail of every tenant is checked"):
        tenants = sorted(one.hex for one in AuditRecord.objects.values_list("tenant_id", flat=True).distinct())
    return [*([DOOR] if DoorRecord.objects.exists() else []), *tenants]


def heads() -> list[Head]:
    """Return the newest row of each chain."""
    found = []
    for chain in names():
        with tenancy.unscoped("the trail of every tenant is anchored"):
            sequence, sealed = _rows(chain).order_by("-sequence").values_list("sequence", "seal")[0]
        found.append(Head(chain, sequence, sealed))
    return found


def verify(anchors: Mapping[str, Mapping[int, str]]) -> Iterator[Checked]:
    """Check one chain after the other, row by row; `anchors` maps a chain's name to {number of a row: its seal}.

    A chain that is anchored and has no row any more is checked too.
    """
    for chain in sorted({*names(), *anchors}, key=lambda name: (name != DOOR, name)):
        with tenancy.unscoped("the trail of every tenant is checked"):
            verdict = audit_chain.check(_sealed(chain), anchors.get(chain, {}))
        yield Checked(chain, verdict)


def _rows(chain: str) -> QuerySet[Any]:
    return DoorRecord.objects.all() if chain == DOOR else AuditRecord.objects.filter(tenant_id=UUID(chain))


def _sealed(chain: str) -> Iterator[tuple[int, str, list[str]]]:
    """Give the rows of a chain as the seal sees them, straight from the database: a row costs a fraction of the ORM's
    conversions, which would only be undone again.
    """
    table: type[Any] = DoorRecord if chain == DOOR else AuditRecord
    columns = ("sequence", "seal", *(DOOR_COLUMNS if chain == DOOR else COLUMNS))
    quote = connection.ops.quote_name
    names = ", ".join(quote(table._meta.get_field(name).column) for name in columns)
    sql, values = f"SELECT {names} FROM {quote(table._meta.db_table)}", []  # noqa: S608 - names of our own columns
    if chain != DOOR:
        sql += f" WHERE {quote('tenant_id')} = %s"
        values.append(table._meta.get_field("tenant").get_db_prep_value(UUID(chain), connection))
    as_sealed = _from_sqlite if connection.vendor == "sqlite" else sealed_fields
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY {quote('sequence')}", values)
        while rows := cursor.fetchmany(_AT_ONCE):
            for sequence, sealed, *fields in rows:
                yield sequence, sealed, as_sealed(chain, fields)


def _from_sqlite(chain: str, values: list[Any]) -> list[str]:
    """Do what `sealed_fields` does with times as SQLite keeps them, text without a zone; ids are hex digits already."""
    moment = str(values[1])
    values[1] = f"{moment[:10]}T{moment[11:]}{'' if len(moment) > 19 else '.000000'}+00:00"
    return sealed_fields(chain, values)
