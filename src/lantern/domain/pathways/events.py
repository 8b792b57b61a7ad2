"""What happened to pathways."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PathwayCreated(Event):
    """A pathway is offered from now on."""

    pathway_id: UUID


@dataclass(frozen=True, slots=True)
class PathwayChanged(Event):
    """A pathway or its steps changed; what is in plans stays as it was."""

    pathway_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class PathwayRetired(Event):
    """A pathway is offered no more."""

    pathway_id: UUID


@dataclass(frozen=True, slots=True)
class PathwayOfferedAgain(Event):
    """A retired pathway is offered again."""

    pathway_id: UUID
