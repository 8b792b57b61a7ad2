"""Who may do what with a row of which class: one table, read by one pure function (trust.md 3.3).

What the table does not say is refused: an unknown class, relation or action, another tenant, the system itself.
No role, however high, is named here for the private class; that is the promise of Lantern.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from lantern.domain.privacy.types import Action, DataClass, Decision, Item, Privacy, Relation
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound

_READ = frozenset({Action.READ})
_OWN = frozenset(Action)

TABLE: dict[tuple[DataClass, Relation], frozenset[Action]] = {
    (DataClass.PRIVATE, Relation.OWNER): _OWN,
    (DataClass.CONSENTED, Relation.OWNER): _OWN,
    (DataClass.CONSENTED, Relation.GRANTEE): _READ,
    (DataClass.TEAM, Relation.OWNER): frozenset({Action.READ, Action.CHANGE, Action.ERASE}),
    (DataClass.TEAM, Relation.TEAM): _READ,
    (DataClass.OFFICIAL, Relation.OWNER): _READ,
    (DataClass.OFFICIAL, Relation.OFFICIAL_READER): _READ,
    (DataClass.OFFICIAL, Relation.SYSTEM): frozenset({Action.READ, Action.CHANGE}),
    (DataClass.AGGREGATE, Relation.MEMBER): _READ,
    (DataClass.AGGREGATE, Relation.SYSTEM): _READ,
    **{(DataClass.PUBLIC, relation): _READ for relation in Relation},
}
"""(class, relation) -> what is allowed. An aggregate is written once, so nobody may change it."""

_YES: dict[Relation, str] = {
    Relation.OWNER: "It is yours.",
    Relation.GRANTEE: "Its owner shared it with you.",
    Relation.TEAM: "You are in the group it belongs to.",
    Relation.OFFICIAL_READER: "Your role handles this kind of record.",
    Relation.MEMBER: "It is published to everyone here.",
    Relation.INHERITOR: "It is published to everyone here.",
    Relation.SYSTEM: "Lantern does this by itself.",
    Relation.STRANGER: "It is public.",
}
_NO = "It is somebody else's, and nobody shared it with you."


def relations(actor: Actor, item: Item) -> frozenset[Relation]:
    """Return every way the actor stands to the row; a row of another tenant leaves only inheritor or stranger."""
    if item.tenant_id != actor.tenancy.own:
        return frozenset({Relation.INHERITOR if item.tenant_id in actor.tenancy.above else Relation.STRANGER})
    if actor.person_id is None:
        return frozenset({Relation.SYSTEM})
    found = {Relation.MEMBER}
    if item.owner_id == actor.person_id:
        found.add(Relation.OWNER)
    if actor.person_id in item.shared_with:
        found.add(Relation.GRANTEE)
    if actor.person_id in item.team:
        found.add(Relation.TEAM)
    if item.organisation_id is not None and actor.has_over(item.organisation_id, *item.official_readers):
        found.add(Relation.OFFICIAL_READER)
    return frozenset(found)


def decide(actor: Actor, action: str, item: Item) -> Decision:
    """Say whether the actor may do this with the row, and why. Pure: reads nothing but its arguments; in doubt, no."""
    for relation in sorted(relations(actor, item), key=list(Relation).index):
        if action in TABLE.get((item.data_class, relation), frozenset()):
            return Decision(True, _YES[relation])
    return Decision(False, _NO)


def visible(actor: Actor, declared: Privacy) -> Q:
    """Return the filter for rows of a model that declares this class: the owner's own, or all where everyone may read.

    What a share, a team or an office opens beyond that is opened row by row, through `decide`.
    """
    if declared.data_class in {DataClass.PUBLIC, DataClass.AGGREGATE}:
        return Q()
    if actor.person_id is None or not declared.owner:
        return Q(pk__in=())
    path = "pk" if declared.owner == "self" else f"{declared.owner}_id"
    return Q(**{path: actor.person_id})


def acting_person(actor: Actor) -> UUID:
    """Return whose act this is; raise NotAllowed for the system, which owns nothing."""
    if actor.person_id is None:
        raise NotAllowed("Only the person herself can do this.")
    return actor.person_id


def can_end_shares(actor: Actor, person_id: UUID) -> bool:
    """The owner may end what she shared, and so may Lantern when the reason for sharing is over."""
    return actor.is_system or actor.person_id == person_id


def can_release(actor: Actor) -> bool:
    """Only Lantern itself releases, by a rule; nobody asks for a number about people."""
    return actor.is_system


def can_erase(actor: Actor, person_id: UUID) -> bool:
    """A person may have her own rows erased; Lantern carries it out."""
    return actor.is_system or actor.person_id == person_id


def allow_erasure(actor: Actor, person_id: UUID) -> None:
    """Let a person's rows be erased by herself or by Lantern, in every feature alike; raise NotFound for the others."""
    if not can_erase(actor, person_id):
        raise NotFound("There is no such person here.")
