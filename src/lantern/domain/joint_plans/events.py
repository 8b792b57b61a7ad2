"""What happened to joint plans: ids only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class JointPlanStarted(Event):
    """Somebody started a joint plan."""

    plan_id: UUID


@dataclass(frozen=True, slots=True)
class JointPlanReworded(Event):
    """A member changed its title or its aim."""

    plan_id: UUID


@dataclass(frozen=True, slots=True)
class JointPlanAsked(Event):
    """A member asked somebody to take part."""

    member_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class JointInvitationEnded(Event):
    """An invitation is not there any more: answered, taken back, or its plan or person is gone."""

    member_id: UUID


@dataclass(frozen=True, slots=True)
class JointPlanJoined(Event):
    """Somebody who was asked takes part."""

    plan_id: UUID


@dataclass(frozen=True, slots=True)
class JointPlanLeft(Event):
    """A member left; the plan stays for the others."""

    plan_id: UUID


@dataclass(frozen=True, slots=True)
class JointPlanEnded(Event):
    """The last member is gone, and the plan with her."""

    plan_id: UUID


@dataclass(frozen=True, slots=True)
class JointStepAdded(Event):
    """A member added a step."""

    step_id: UUID


@dataclass(frozen=True, slots=True)
class JointStepChanged(Event):
    """A member changed a step."""

    step_id: UUID


@dataclass(frozen=True, slots=True)
class JointStepRemoved(Event):
    """A member took a step out; it can be brought back."""

    step_id: UUID


@dataclass(frozen=True, slots=True)
class JointStepBroughtBack(Event):
    """A member brought a step back."""

    step_id: UUID


@dataclass(frozen=True, slots=True)
class JointStepMarked(Event):
    """A member said that her part of a step is done, or took that back."""

    step_id: UUID
    done: bool


@dataclass(frozen=True, slots=True)
class JointPartTaken(Event):
    """A member put her part into her own weeks."""

    plan_id: UUID
    steps: int
