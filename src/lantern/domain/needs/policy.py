"""Who may: needs and ratings are their owner's alone; group needs are their group's and those who plan its days."""

from uuid import UUID

from django.db.models import Q

from lantern.domain.needs.models import GroupNeed, GroupNeedVote, LevelEvidence, Need, Rating
from lantern.domain.people.types import Role
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor

PLANNERS = (Role.SCHOOL_LEADER, Role.COORDINATOR)


def visible(actor: Actor) -> Q:
    """Return the filter for my needs."""
    return privacy.visible(actor, Need.privacy)


def visible_ratings(actor: Actor) -> Q:
    """Return the filter for my ratings."""
    return privacy.visible(actor, Rating.privacy)


def visible_evidence(actor: Actor) -> Q:
    """Return the filter for what sources say of my levels."""
    return privacy.visible(actor, LevelEvidence.privacy)


def visible_votes(actor: Actor) -> Q:
    """Return the filter for my votes: nobody sees another's."""
    return privacy.visible(actor, GroupNeedVote.privacy)


def put_up_by(actor: Actor) -> Q:
    """Return the filter for group needs that I put up."""
    return privacy.visible(actor, GroupNeed.privacy)


def can_count(actor: Actor) -> bool:
    """Only Lantern's release rule goes over the needs of everybody."""
    return actor.is_system


def groups(actor: Actor) -> frozenset[UUID]:
    """Return the organisations whose group I belong to: where I hold a role myself, not those it covers."""
    return frozenset(grant.organisation_id for grant in actor.grants)


def planned_groups(actor: Actor) -> frozenset[UUID]:
    """Return the organisations whose days I plan."""
    return actor.organisations(*PLANNERS)


def visible_group_needs(actor: Actor) -> Q:
    """Return the filter for group needs of my groups and of those whose days I plan."""
    return Q(organisation_id__in=groups(actor) | planned_groups(actor))


def can_take_part(actor: Actor, organisation_id: UUID) -> bool:
    """Tell whether the actor may put up needs and vote there: only its members."""
    return organisation_id in groups(actor)


def can_close(actor: Actor, group_need: GroupNeed) -> bool:
    """Tell whether the actor may close it: who put it up, or who plans that group's days."""
    mine = actor.person_id is not None and group_need.proposed_by_id == actor.person_id
    return mine or group_need.organisation_id in planned_groups(actor)
