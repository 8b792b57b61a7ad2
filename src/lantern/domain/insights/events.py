"""What happened to released figures."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class TermReleased(Event):
    """A closed term's figures went out, once and for good: how many lines, and how many of them hold a figure."""

    term_id: UUID
    lines: int
    figures: int


@dataclass(frozen=True, slots=True)
class SmallestGroupSet(Event):
    """A tenant said how many other people a group must have before a figure about it is shown."""

    people: int
