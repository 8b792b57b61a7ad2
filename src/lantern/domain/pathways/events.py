"""What happened to pathways: ids and numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PathwayCreated(Event):
    """A pathway is being prepared from now on."""

    pathway_id: UUID


@dataclass(frozen=True, slots=True)
class PathwayChanged(Event):
    """What is said of a pathway changed; its steps are those of its version."""

    pathway_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class PathwayDraftKept(Event):
    """Its draft was changed, or thrown away; nobody is offered it yet."""

    pathway_id: UUID


@dataclass(frozen=True, slots=True)
class PathwayOffered(Event):
    """A version of a pathway is offered from now on; who is in an older one stays in it."""

    pathway_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class PathwayRetired(Event):
    """A pathway is offered no more."""

    pathway_id: UUID


@dataclass(frozen=True, slots=True)
class PathwayOfferedAgain(Event):
    """A retired pathway is offered again, as it was."""

    pathway_id: UUID


@dataclass(frozen=True, slots=True)
class PathwayStarted(Event):
    """An educator is in a pathway from now on."""

    pathway_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class PathwayChosenIn(Event):
    """She chose in a pathway: parts of a choice, or another route for a step."""

    start_id: UUID


@dataclass(frozen=True, slots=True)
class PathwayVersionTaken(Event):
    """She went over to the newest version of a pathway she is in."""

    start_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class PathwayLeft(Event):
    """She is in a pathway no more."""

    pathway_id: UUID


@dataclass(frozen=True, slots=True)
class OwnPathwayKept(Event):
    """She made a pathway of her own, or changed it."""

    own_id: UUID


@dataclass(frozen=True, slots=True)
class OwnPathwayRemoved(Event):
    """She removed a pathway of her own."""

    own_id: UUID
