"""What happened with suggestions."""

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class SuggestionDismissed(Event):
    """An educator said "not for me"."""

    resource_id: UUID


@dataclass(frozen=True, slots=True)
class DismissalTakenBack(Event):
    """An educator took a "not for me" back."""

    resource_id: UUID


@dataclass(frozen=True, slots=True)
class FactorsChanged(Event):
    """An educator switched parts of the match on or off."""

    off: int


@dataclass(frozen=True, slots=True)
class PeerWeightsKept(Event):
    """What others went on to was worked out for a closed term, and counts from now on or does not."""

    weights_id: UUID
    on: bool
