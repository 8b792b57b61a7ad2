"""What happened between an educator and a coach: ids only."""

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class CoachAsked(Event):
    """An educator asked somebody for help."""

    link_id: UUID
    coach_id: UUID


@dataclass(frozen=True, slots=True)
class CoachAnswered(Event):
    """The coach said yes or no."""

    link_id: UUID
    educator_id: UUID
    accepted: bool


@dataclass(frozen=True, slots=True)
class CoachLinkEnded(Event):
    """One of the two ended it; everything shared for it ends too."""

    link_id: UUID
    educator_id: UUID
    coach_id: UUID


@dataclass(frozen=True, slots=True)
class SharedWithCoach(Event):
    """An educator shared goals or her plan with her coach."""

    link_id: UUID
    coach_id: UUID


@dataclass(frozen=True, slots=True)
class ProposalMade(Event):
    """A coach put something forward."""

    proposal_id: UUID
    educator_id: UUID


@dataclass(frozen=True, slots=True)
class ProposalAnswered(Event):
    """The educator accepted, rewrote or declined it."""

    proposal_id: UUID
    coach_id: UUID
    taken_up: bool


@dataclass(frozen=True, slots=True)
class ProposalWithdrawn(Event):
    """The coach took it back before it was answered."""

    proposal_id: UUID


@dataclass(frozen=True, slots=True)
class ObservationWritten(Event):
    """A coach wrote down what she saw, for the educator to read."""

    observation_id: UUID
    educator_id: UUID


@dataclass(frozen=True, slots=True)
class ObservationAnswered(Event):
    """The educator took it up or set it aside; which of the two is hers."""

    observation_id: UUID


@dataclass(frozen=True, slots=True)
class ObservationWithdrawn(Event):
    """The coach took it back before it was answered, or was erased and it with her."""

    observation_id: UUID


@dataclass(frozen=True, slots=True)
class HelpOffered(Event):
    """An educator offers to help colleagues."""

    offer_id: UUID


@dataclass(frozen=True, slots=True)
class HelpWithdrawn(Event):
    """An educator offers no help any more."""

    offer_id: UUID
