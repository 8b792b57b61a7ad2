"""What happened to initiatives."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class InitiativeCreated(Event):
    """An aim was published."""

    initiative_id: UUID


@dataclass(frozen=True, slots=True)
class InitiativeChanged(Event):
    """A published aim was reworded."""

    initiative_id: UUID


@dataclass(frozen=True, slots=True)
class InitiativeDeleted(Event):
    """A published aim was taken back; goals that were linked to it stay as they are."""

    initiative_id: UUID
