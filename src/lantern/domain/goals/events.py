"""What happened to goals: ids only, since a goal's words are private."""

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class GoalSet(Event):
    """An educator set a goal."""

    goal_id: UUID


@dataclass(frozen=True, slots=True)
class GoalChanged(Event):
    """An educator changed a goal of hers, or opened it again."""

    goal_id: UUID


@dataclass(frozen=True, slots=True)
class GoalChecked(Event):
    """An educator looked at her measure."""

    goal_id: UUID


@dataclass(frozen=True, slots=True)
class GoalEnded(Event):
    """A goal was reached or let go."""

    goal_id: UUID
    reached: bool
