"""What happened in banks and checks. That somebody took a check is private, so nothing here says what came out."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ItemWritten(Event):
    """An item was written."""

    item_id: UUID


@dataclass(frozen=True, slots=True)
class ItemChanged(Event):
    """An item was changed, published or retired."""

    item_id: UUID


@dataclass(frozen=True, slots=True)
class ItemsImported(Event):
    """A file of items was brought in."""

    created: int
    updated: int
    unchanged: int
    refused: int


@dataclass(frozen=True, slots=True)
class BankCalibrated(Event):
    """The numbers of a bank were computed anew from answers."""

    competency_id: UUID
    items: int


@dataclass(frozen=True, slots=True)
class CheckStarted(Event):
    """An educator began a check."""

    check_id: UUID


@dataclass(frozen=True, slots=True)
class CheckFinished(Event):
    """An educator came to the end of a check, or ended it."""

    check_id: UUID


@dataclass(frozen=True, slots=True)
class CheckRemoved(Event):
    """An educator removed a check with its answers."""

    check_id: UUID
