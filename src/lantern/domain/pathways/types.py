"""What pathways hand out and take in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

FEWEST_STEPS, MOST_STEPS = 3, 5


class PathwayState(StrEnum):
    """Offered to educators, or retired: seen by those who manage it, and offered no more."""

    OFFERED = "offered"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class StepData:
    """One step as it is written: the resource, and what it leads to."""

    resource_id: UUID
    outcome: str
