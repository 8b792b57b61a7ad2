"""Who may: the two people of a link know of it; a coach proposes, and only the educator decides."""

from django.db.models import Q

from lantern.domain.coaching.models import CoachLink, MentorOffer, Observation, Proposal
from lantern.domain.coaching.types import LinkState, ObservationState, ProposalState
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor

OPEN_LINKS = (LinkState.ASKED.value, LinkState.ACTIVE.value)


def visible_links(actor: Actor) -> Q:
    """Return the filter for links of mine on either side; a coach loses sight of a link when it ends."""
    mine = privacy.visible(actor, CoachLink.privacy)
    return mine if actor.is_system else mine | Q(coach_id=actor.person_id, state__in=OPEN_LINKS)


def visible_proposals(actor: Actor) -> Q:
    """Return the filter for proposals to me, and for mine as a coach while the link holds."""
    mine = privacy.visible(actor, Proposal.privacy)
    return mine if actor.is_system else mine | Q(link__coach_id=actor.person_id, link__state=LinkState.ACTIVE)


def visible_observations(actor: Actor) -> Q:
    """Return the filter for what coaches saw of me, and for what I wrote as a coach while the link holds."""
    mine = privacy.visible(actor, Observation.privacy)
    return mine if actor.is_system else mine | Q(link__coach_id=actor.person_id, link__state=LinkState.ACTIVE)


def visible_offers(actor: Actor) -> Q:
    """Return the filter for offers of help: everyone of the tenant sees those of the people who are here."""
    return Q(person__active=True)


def can_answer_link(actor: Actor, link: CoachLink) -> bool:
    """Only who was asked answers."""
    return link.coach_id == actor.person_id


def can_share_with(actor: Actor, link: CoachLink) -> bool:
    """Only the educator shares, and only once the coach said yes."""
    return link.educator_id == actor.person_id and link.state == LinkState.ACTIVE


def can_propose(actor: Actor, link: CoachLink) -> bool:
    """Only the coach proposes, while the link holds."""
    return link.coach_id == actor.person_id and link.state == LinkState.ACTIVE


def can_answer_proposal(actor: Actor, proposal: Proposal) -> bool:
    """Only the educator decides."""
    return proposal.educator_id == actor.person_id


def can_withdraw_proposal(actor: Actor, proposal: Proposal) -> bool:
    """The coach takes back what waits."""
    return proposal.link.coach_id == actor.person_id and proposal.state == ProposalState.OPEN


def can_answer_observation(actor: Actor, observation: Observation) -> bool:
    """Only the educator decides what becomes of what her coach saw."""
    return observation.educator_id == actor.person_id


def can_withdraw_observation(actor: Actor, observation: Observation) -> bool:
    """The coach takes back what waits."""
    return observation.link.coach_id == actor.person_id and observation.state == ObservationState.OPEN


def can_withdraw_offer(actor: Actor, offer: MentorOffer) -> bool:
    """An offer is its maker's."""
    return offer.person_id == actor.person_id
