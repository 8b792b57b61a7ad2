"""Who may do what with a row of which class: one table, read by one pure function (trust.md 3.3).

What the table does not say is refused: an unknown class, relation or action, another tenant, the system itself.
No role, however high, is named here for the private class; that is the promise of Lantern.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from lantern.domain.privacy.models import Share
from lantern.domain.privacy.types import (
    ASKED_IN,
    IN_CIRCLE,
    KERNEL_CLASSES,
    OPERATOR,
    Action,
    DataClass,
    Decision,
    Item,
    Privacy,
    Relation,
)
from lantern.kernel import clock
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
    (DataClass.TEAM, Relation.PEER): frozenset({Action.READ, Action.CHANGE}),
    (DataClass.TEAM, Relation.ASKED): _READ,
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
    Relation.PEER: "You take part in it, as everybody else in it does.",
    Relation.ASKED: "You are asked to take part in it.",
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
    if actor.person_id in item.peers:
        found.add(Relation.PEER)
    if actor.person_id in item.asked:
        found.add(Relation.ASKED)
    if item.organisation_id is not None:
        if item.organisation_id in team_places(actor):
            found.add(Relation.TEAM)
        if actor.has_over(item.organisation_id, *item.official_readers):
            found.add(Relation.OFFICIAL_READER)
    return frozenset(found)


def team_places(actor: Actor) -> frozenset[UUID]:
    """Return the organisations whose team the actor belongs to: the tenant, and where she holds a role herself."""
    return frozenset({actor.tenancy.own} | {grant.organisation_id for grant in actor.grants})


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


def among(actor: Actor, declared: Privacy) -> Q:
    """Return the filter for rows of circles that the actor is in, or was asked into where those read too: what the
    declaration opens to equals, and to no role. It joins the memberships, so use it inside a sub-query of ids.
    """
    if actor.person_id is None or not declared.circle:
        return Q(pk__in=())
    states = (IN_CIRCLE, ASKED_IN) if declared.asked_too else (IN_CIRCLE,)
    return Q(**{f"{declared.circle}__person": actor.person_id, f"{declared.circle}__state__in": states})


def scope(actor: Actor, model: type[Model]) -> QuerySet[Any]:
    """Return every row of a model that the actor may read: those of which `decide` says so, neither more nor fewer.

    Reading what somebody else shared is a look: `commands.open_item` writes it down before the content is shown.
    Raises LookupError for a model that declares no class.
    """
    declared = privacy_of(model)
    rows: QuerySet[Any] = model._default_manager.all()
    if declared.data_class in {DataClass.PUBLIC, DataClass.AGGREGATE}:
        return rows
    if declared.data_class is DataClass.OFFICIAL and actor.is_system:
        return rows
    mine = visible(actor, declared)
    others = Q(pk__in=())
    if declared.data_class is DataClass.PRIVATE and declared.kind and actor.person_id is not None:
        named = Q(item_id=OuterRef(declared.item)) | Q(item_id__isnull=True)
        shares = Share.objects.filter(
            named,
            holding(clock.now()),
            grantee_id=actor.person_id,
            item_kind=declared.kind,
            person=OuterRef(declared.owner),
        )
        others = Q(Exists(shares))
    elif declared.data_class is DataClass.CONSENTED and declared.named and actor.person_id is not None:
        others = Q(**{declared.named: actor.person_id}, **{f"{name}__in": of for name, of in declared.holds.items()})
    elif declared.data_class is DataClass.TEAM and declared.place:
        others = Q(**{f"{declared.place}__in": team_places(actor)})
    elif declared.data_class is DataClass.TEAM and declared.circle:
        others = Q(pk__in=model._default_manager.filter(among(actor, declared)).values("pk"))
    elif declared.data_class is DataClass.OFFICIAL and declared.readers:
        others = Q(**{f"{declared.place}__in": actor.organisations(*declared.readers)})
    return rows.filter(mine | others)


def privacy_of(model: type[Model]) -> Privacy:
    """Return what a model declares; the kernel's tables are declared beside the matrix. Raises LookupError."""
    declared = getattr(model, "privacy", None) or KERNEL_CLASSES.get(model.__name__)
    if not isinstance(declared, Privacy):
        raise LookupError(f"{model.__name__} declares no data class, so nobody may read it")
    return declared


def holding(now: datetime) -> Q:
    """Return the filter for shares that hold at a moment."""
    return Q(revoked_at__isnull=True, expires_at__gt=now)


def item_of(row: Model, shared_with: frozenset[UUID] = frozenset()) -> Item:
    """Return a row as `decide` sees it, by what its model declares; `shared_with` are whom live shares name for it."""
    declared = privacy_of(type(row))
    data_class, named = declared.data_class, set(shared_with)
    if data_class is DataClass.PRIVATE and shared_with:
        data_class = DataClass.CONSENTED
    if declared.named and all(_along(row, name) in of for name, of in declared.holds.items()):
        named.add(_along(row, declared.named))
    return Item(
        data_class=data_class,
        owner_id=_owner(row, declared),
        tenant_id=_along(row, "tenant"),
        shared_with=frozenset(named),
        official_readers=frozenset(declared.readers),
        peers=_circle(row, declared, IN_CIRCLE),
        asked=_circle(row, declared, ASKED_IN) if declared.asked_too else frozenset(),
        organisation_id=_along(row, declared.place) if declared.place else None,
    )


def _owner(row: Model, declared: Privacy) -> UUID | None:
    if declared.owner in ("", "self"):
        return row.pk if declared.owner else None
    owner: UUID | None = _along(row, declared.owner)
    return owner


def _circle(row: Model, declared: Privacy, state: str) -> frozenset[UUID]:
    """Return who has this state in the circle that a row belongs to."""
    if not declared.circle:
        return frozenset()
    rows = type(row)._default_manager.filter(pk=row.pk, **{f"{declared.circle}__state": state})
    return frozenset(rows.values_list(f"{declared.circle}__person", flat=True))


def _along(row: Model, path: str) -> Any:
    """Return the value, or the id of the row, at the end of a path of fields."""
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    return value.pk if isinstance(value, Model) else value


def acting_person(actor: Actor) -> UUID:
    """Return whose act this is; raise NotAllowed for the system, which owns nothing."""
    if actor.person_id is None:
        raise NotAllowed("Only the person herself can do this.")
    return actor.person_id


def is_here(person_id: UUID) -> bool:
    """Tell whether somebody is an active person of the tenancy in force.

    Asked of a share's own foreign key, since privacy lies below people and may not import them.
    """
    people: Any = Share._meta.get_field("grantee").related_model
    return bool(people.objects.filter(pk=person_id, active=True).exists())


def was_here(person_id: UUID) -> bool:
    """Tell whether there is a row for somebody in the tenancy in force, active or not."""
    people: Any = Share._meta.get_field("grantee").related_model
    return bool(people.objects.filter(pk=person_id).exists())


def can_end_shares(actor: Actor, person_id: UUID) -> bool:
    """The owner may end what she shared, and so may Lantern when the reason for sharing is over."""
    return actor.is_system or actor.person_id == person_id


def can_release(actor: Actor) -> bool:
    """Only Lantern itself releases, by a rule; nobody asks for a number about people."""
    return actor.is_system


def can_ask_emergency(actor: Actor) -> bool:
    """An operator of the whole tenant may ask a second one for emergency access; nobody gets in alone."""
    return actor.has_over(actor.tenancy.own, OPERATOR)


def can_agree_emergency(actor: Actor, asked_by: UUID | None) -> bool:
    """A second operator agrees, never the one who asked."""
    return can_ask_emergency(actor) and actor.person_id != asked_by


def can_read_emergency(
    actor: Actor, operators: frozenset[UUID | None], ends_at: datetime | None, now: datetime
) -> bool:
    """The two who agreed may read, as operators, until the hour is over."""
    return can_ask_emergency(actor) and actor.person_id in operators and ends_at is not None and now < ends_at


def can_tell_wording(actor: Actor) -> bool:
    """Lantern tells of a new wording by itself."""
    return actor.is_system


def can_erase(actor: Actor, person_id: UUID) -> bool:
    """A person may have her own rows erased; Lantern carries it out."""
    return actor.is_system or actor.person_id == person_id


def allow_erasure(actor: Actor, person_id: UUID) -> None:
    """Let a person's rows be erased by herself or by Lantern, in every feature alike; raise NotFound for the others."""
    if not can_erase(actor, person_id):
        raise NotFound("There is no such person here.")
