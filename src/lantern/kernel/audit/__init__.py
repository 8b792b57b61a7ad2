"""Who asked for what, through which door, and what came of it: one sealed row for each unsafe request that succeeded
and for each refusal (trust.md F1, F2; decision 0024).

Events (kernel/events) say what happened in the domain; this trail says who asked. A row of a success is written in the
transaction of its effect. It holds names of pages, ids and times, never a word that anybody wrote. Each tenant has a
chain of its own; who is nobody's person yet stands in the chain of the installation, at the door.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from lantern.engine import audit_chain
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.audit.models import AuditRecord, DoorRecord, Outcome, SealedRow
from lantern.kernel.turns import take_turn

__all__ = [
    "DOOR",
    "Asked",
    "AuditRecord",
    "DoorRecord",
    "Outcome",
    "awaiting",
    "export_for",
    "list_official",
    "my_sign_ins",
    "my_trail",
    "record",
    "record_at_door",
    "write_awaited",
]

DOOR = "door"
"""The name of the installation's own chain."""

_WHAT = ("action", "method", "outcome", "status", "request_id")
COLUMNS = ("id", "at", *_WHAT, "person_id", "objects_named", "private")
"""What the seal of a tenant's row covers, in its order, after the chain's name. The time stays second: chains.py counts
on it."""
DOOR_COLUMNS = ("id", "at", *_WHAT, "account_id", "address", "times")
"""The same for a row at the door."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the page by its name, the method, the ids in the address, whether the act is private."""

    action: str
    method: str
    request_id: str
    objects: tuple[UUID, ...] = ()
    private: bool = True


def record(actor: Actor, asked: Asked, outcome: Outcome, status: int) -> None:
    """Write one row in the chain of the actor's tenant, in the present transaction; RuntimeError outside of one."""
    chain = actor.tenancy.own
    _in_turn(chain.hex)
    before = AuditRecord.objects.filter(tenant_id=chain).order_by("-sequence").values_list("sequence", "seal").first()
    row = AuditRecord(
        tenant_id=chain,
        person_id=actor.person_id,
        objects_named=" ".join(str(one) for one in asked.objects),
        private=asked.private,
        **_facts(asked, outcome, status, clock.now()),
    )
    _seal(row, chain.hex, COLUMNS, before)


def record_at_door(
    asked: Asked,
    outcome: Outcome,
    status: int,
    *,
    account_id: UUID | None = None,
    address: str = "",
    times: int = 1,
    at: datetime | None = None,
) -> None:
    """Write one row in the chain of the installation, in the present transaction; RuntimeError outside of one."""
    _in_turn(DOOR)
    before = DoorRecord.objects.order_by("-sequence").values_list("sequence", "seal").first()
    facts = _facts(asked, outcome, status, at or clock.now())
    _seal(DoorRecord(account_id=account_id, address=address, times=times, **facts), DOOR, DOOR_COLUMNS, before)


def _in_turn(chain: str) -> None:
    """Let one transaction at a time add to a chain; its rows stay dense because the turn ends with the commit."""
    if not connection.in_atomic_block:
        raise RuntimeError("An audit row is written inside the transaction of what it tells of")
    take_turn(f"audit {chain}")


def _facts(asked: Asked, outcome: Outcome, status: int, at: datetime) -> dict[str, Any]:
    return {
        "at": at.astimezone(UTC),
        "action": asked.action[:120],
        "method": asked.method[:10],
        "outcome": Outcome(outcome).value,
        "status": status,
        "request_id": asked.request_id[:36],
    }


def _seal(row: SealedRow, chain: str, columns: tuple[str, ...], before: tuple[int, str] | None) -> None:
    sequence, sealed = before or (0, audit_chain.BEGINNING)
    row.sequence = sequence + 1
    row.seal = audit_chain.seal(sealed, row.sequence, sealed_fields(chain, [getattr(row, name) for name in columns]))
    row.save(force_insert=True)


def sealed_fields(chain: str, values: list[Any] | tuple[Any, ...]) -> list[str]:
    """Return a row's values as the seal covers them: the same text from either database, whatever its own types."""
    return [chain, *[value if type(value) is str else _text(value) for value in values]]


def _text(value: object) -> str:
    if type(value) is int:
        return str(value)
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


# ---------------------------------------------------------------------------------------------------------------
# acts that write before the gate does


@dataclass(slots=True)
class _Awaited:
    actor: Actor
    asked: Asked
    written: list[bool] = field(default_factory=list)


_awaited: ContextVar[_Awaited | None] = ContextVar("lantern_audit_awaited", default=None)


@contextmanager
def awaiting(actor: Actor, asked: Asked) -> Iterator[list[bool]]:
    """Let the transaction that a slow act opens by itself carry its row; the list handed out says whether it did.

    `write_awaited` writes it: with the first event, or where a flow calls it as the last thing in its transaction.
    """
    awaited = _Awaited(actor, asked)
    token = _awaited.set(awaited)
    try:
        yield awaited.written
    finally:
        _awaited.reset(token)


def write_awaited() -> None:
    """Write the row that a slow act waits for, once, in the present transaction; do nothing where none does."""
    awaited = _awaited.get()
    if awaited is not None and not awaited.written:
        record(awaited.actor, awaited.asked, Outcome.DONE, 303)
        awaited.written.append(True)


# ---------------------------------------------------------------------------------------------------------------
# who may read it


def my_trail(actor: Actor) -> QuerySet[AuditRecord]:
    """Return what the actor asked for, private acts too, newest first; nothing for the system."""
    rows = AuditRecord.objects.order_by("-sequence")
    return rows.filter(person_id=actor.person_id) if actor.person_id else rows.none()


def export_for(actor: Actor, account_id: UUID | None) -> dict[str, list[dict[str, Any]]]:
    """Return every row that stands for a person and her account, for the file she can take along.

    Without the numbers: the gaps between hers would count what others do.
    """
    at_door = my_sign_ins(account_id) if account_id else DoorRecord.objects.none()
    return {
        "acts": list(my_trail(actor).values(*COLUMNS)),
        "sign_ins": list(at_door.values(*DOOR_COLUMNS)),
    }


def my_sign_ins(account_id: UUID) -> QuerySet[DoorRecord]:
    """Return what an account did at the door, newest first; for its own holder only."""
    return DoorRecord.objects.filter(account_id=account_id).order_by("-sequence")


def list_official(actor: Actor) -> QuerySet[AuditRecord]:
    """Return the official rows of the actor's tenant, newest first; callers check that the actor may see them.

    A private row is not among them, whatever came of it: a refusal at a private page tells that she was there
    (decision 0024). Neither number nor seal may be shown beside them: a gap would count what is private.
    """
    return AuditRecord.objects.filter(tenant_id=actor.tenancy.own, private=False).order_by("-sequence")
