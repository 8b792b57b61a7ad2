"""What happened to the results of one's own classes: ids and numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ClassResultsBroughtIn(Event):
    """An educator brought in what a class of hers showed on a day."""

    class_id: UUID


@dataclass(frozen=True, slots=True)
class ClassResultsRemoved(Event):
    """She removed a day of results, or the whole class."""

    class_id: UUID


@dataclass(frozen=True, slots=True)
class StandardsMapped(Event):
    """She said what standards of a class mean in her own framework."""

    class_id: UUID


@dataclass(frozen=True, slots=True)
class MeasureChanged(Event):
    """She put a standard of a class beside a goal, or took it away."""

    goal_id: UUID
