"""What happened to frameworks."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class FrameworkImported(Event):
    """A framework was stored or brought up to date."""

    framework_id: UUID
    created: int
    updated: int
    ended: int


@dataclass(frozen=True, slots=True)
class FrameworkAssigned(Event):
    """A kind of job uses another framework here; no framework means: as the level above."""

    framework_id: UUID | None
