"""What follows from coaching: news for the other one, and an end to everything shared when a link ends."""

from __future__ import annotations

from lantern.domain.coaching.events import (
    CoachAnswered,
    CoachAsked,
    CoachLinkEnded,
    ObservationWithdrawn,
    ObservationWritten,
    ProposalAnswered,
    ProposalMade,
    SharedWithCoach,
)
from lantern.domain.notices import commands as notices
from lantern.domain.privacy import commands as privacy
from lantern.kernel.actor import Actor, system
from lantern.kernel.events import handles


@handles(CoachAsked)
def tell_the_coach(actor: Actor, event: CoachAsked) -> None:
    """Somebody asks for your help."""
    notices.notify(actor, person_id=event.coach_id, kind="coach_asked", item_id=event.link_id, from_name=actor.name)


@handles(CoachAnswered)
def tell_the_educator(actor: Actor, event: CoachAnswered) -> None:
    """Your coach said yes, or cannot at the moment."""
    kind = "coach_accepted" if event.accepted else "coach_declined"
    notices.notify(actor, person_id=event.educator_id, kind=kind, item_id=event.link_id, from_name=actor.name)


@handles(SharedWithCoach)
def tell_what_was_shared(actor: Actor, event: SharedWithCoach) -> None:
    """Somebody you coach shared something with you."""
    notices.notify(actor, person_id=event.coach_id, kind="coach_shared", item_id=event.link_id, from_name=actor.name)


@handles(ProposalMade)
def tell_of_the_proposal(actor: Actor, event: ProposalMade) -> None:
    """Your coach proposes something."""
    notices.notify(
        actor, person_id=event.educator_id, kind="proposal_made", item_id=event.proposal_id, from_name=actor.name
    )


@handles(ObservationWritten)
def tell_of_the_observation(actor: Actor, event: ObservationWritten) -> None:
    """Your coach wrote down what she saw. What you make of it is told to nobody."""
    notices.notify(
        actor, person_id=event.educator_id, kind="observation_made", item_id=event.observation_id, from_name=actor.name
    )


@handles(ObservationWithdrawn)
def take_back_the_news(actor: Actor, event: ObservationWithdrawn) -> None:
    """What is not there any more is no news, and its notice would lead to nothing."""
    notices.take_back(system(actor.tenancy, actor.request_id), kind="observation_made", item_id=event.observation_id)


@handles(ProposalAnswered)
def tell_of_the_answer(actor: Actor, event: ProposalAnswered) -> None:
    """Your proposal was answered."""
    notices.notify(
        actor, person_id=event.coach_id, kind="proposal_answered", item_id=event.proposal_id, from_name=actor.name
    )


@handles(CoachLinkEnded)
def end_what_was_shared(actor: Actor, event: CoachLinkEnded) -> None:
    """The reason for sharing is over, so the sharing is over too, whoever of the two ended it."""
    privacy.end_shares(system(actor.tenancy, actor.request_id), person_id=event.educator_id, grantee_id=event.coach_id)
