"""What happened: typed events, one append-only log, handlers in the same transaction (decision 0004).

An event is a frozen dataclass in the past tense that carries ids and numbers, never free text. `publish` writes one
row and
calls the handlers; if a handler fails, nothing of the act is kept. Handlers live in `flows/` and `interop/*/emit.py`
only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from lantern.kernel import audit, clock
from lantern.kernel.actor import Actor
from lantern.kernel.events.models import EventRecord


@dataclass(frozen=True, slots=True)
class Event:
    """The root of every event."""


E = TypeVar("E", bound=Event)
Handler = Callable[[Actor, E], None]
_handlers: dict[type[Event], list[Callable[[Actor, Any], None]]] = defaultdict(list)


def handles(event_type: type[E]) -> Callable[[Handler[E]], Handler[E]]:
    """Register a function `(actor, event)` that runs in the transaction of each such event."""

    def register(handler: Handler[E]) -> Handler[E]:
        if handler not in _handlers[event_type]:
            _handlers[event_type].append(handler)
        return handler

    return register


def publish(actor: Actor, event: Event) -> None:
    """Log the event and call its handlers, in the caller's transaction; raise RuntimeError outside of one."""
    if not connection.in_atomic_block:
        raise RuntimeError("Events are published inside the transaction of their act")
    EventRecord.objects.create(
        name=type(event).__name__,
        tenant_id=actor.tenancy.own,
        actor_id=actor.person_id,
        request_id=actor.request_id,
        at=clock.now(),
        data={item.name: _plain(getattr(event, item.name)) for item in fields(event)},
    )
    for handler in _handlers[type(event)]:
        handler(actor, event)
    audit.write_awaited()


def _plain(value: object) -> str | int | float | bool | list[Any] | None:
    if isinstance(value, UUID | date | datetime):
        return str(value)
    if isinstance(value, tuple | list | frozenset):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"An event carries ids and numbers, not {type(value).__name__}")


def forget(person_id: UUID) -> int:
    """Take a person off the events she caused; the events stay, without saying whose they are. Return how many."""
    return EventRecord.objects.filter(actor_id=person_id).update(actor=None)
