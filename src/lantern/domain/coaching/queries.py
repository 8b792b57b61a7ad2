"""What may be asked about coaching: my links on both sides, proposals, and who offers help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lantern.domain.catalog import queries as catalog
from lantern.domain.coaching import policy
from lantern.domain.coaching.models import CoachLink, MentorOffer, Observation, Proposal
from lantern.domain.coaching.types import (
    Do,
    LinkState,
    MentorView,
    ObservationState,
    ObservationView,
    PlanLine,
    ProposalKind,
    ProposalState,
    ProposalView,
)
from lantern.domain.competencies import queries as competencies
from lantern.domain.evidence import queries as evidence
from lantern.domain.evidence.types import ITEM_KIND as EVIDENCE
from lantern.domain.goals import queries as goals
from lantern.domain.needs import queries as needs
from lantern.domain.people import queries as people
from lantern.domain.people.types import Role
from lantern.domain.plans import queries as plans
from lantern.domain.plans.types import ItemView, PlanView
from lantern.domain.privacy import queries as privacy
from lantern.domain.privacy.types import Purpose
from lantern.engine import mentors as engine
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.ids import ids_among
from lantern.kernel.prepared import prepared

_OVER_ME = (Role.SCHOOL_LEADER.value, Role.COORDINATOR.value)


def my_links(actor: Actor, state: str | None = None) -> QuerySet[CoachLink]:
    """Return the links with my coaches (open ones, or those of a state), oldest first."""
    rows = CoachLink.objects.filter(policy.visible_links(actor), educator_id=actor.person_id)
    rows = rows.filter(state=state) if state else rows.filter(state__in=policy.OPEN_LINKS)
    return rows.select_related("coach").order_by("asked_at")


def links_to_me(actor: Actor, state: str | None = None) -> QuerySet[CoachLink]:
    """Return the links with those who asked me to coach (open ones, or those of a state), oldest first."""
    rows = CoachLink.objects.filter(policy.visible_links(actor), coach_id=actor.person_id)
    rows = rows.filter(state=state) if state else rows.filter(state__in=policy.OPEN_LINKS)
    return rows.select_related("educator").order_by("asked_at")


def get_link(actor: Actor, link_id: UUID) -> CoachLink:
    """Return a link of mine on either side. Raises NotFound, for a coach also once it ended."""
    rows = CoachLink.objects.filter(policy.visible_links(actor), pk=link_id)
    link = rows.select_related("coach", "educator").first()
    if link is None:
        raise NotFound("There is no such link.")
    return link


def leads_me(actor: Actor, person_id: UUID) -> bool:
    """Tell whether a coach also leads my school or district, so that I can think twice before I share.

    Raises NotFound.
    """
    other = people.actor_for(person_id, actor.tenancy.own)
    mine = {organisation.pk for organisation in people.my_organisations(actor)}
    return not mine.isdisjoint(other.organisations(*_OVER_ME))


def shareable_titles(actor: Actor) -> dict[tuple[str, UUID], str]:
    """Return what I can share, by kind and id, with its title: my goals, pictures and videos, and my plan once there is
    one.
    """
    titles = {("goal", pk): title for pk, title in goals.my_titles(actor).items()}
    titles |= {(EVIDENCE, pk): title for pk, title in evidence.shareable_evidence(actor).items()}
    plan_id = plans.my_plan_id(actor)
    return titles if plan_id is None else titles | {("plan", plan_id): "Your plan"}


def my_proposals(actor: Actor, state: str | None = ProposalState.OPEN) -> list[ProposalView]:
    """Return what coaches proposed to me (None: in any state), newest first."""
    return [_view(actor, row) for row in _proposals_to.list(actor, state)]


@prepared
def _proposals_to(actor: Actor, state: str | None) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(policy.visible_proposals(actor), educator_id=actor.person_id)
    return _whole(rows.filter(state=state) if state else rows)


def proposals_on(actor: Actor, link_id: UUID) -> list[ProposalView]:
    """Return what was proposed on a link of mine on either side, newest first."""
    return _views(actor, Proposal.objects.filter(policy.visible_proposals(actor), link_id=link_id))


def proposals_behind(actor: Actor, made_id: UUID) -> list[ProposalView]:
    """Return the proposals that a goal or activity of mine came from, with both versions."""
    rows = Proposal.objects.filter(policy.visible_proposals(actor), educator_id=actor.person_id, made_id=made_id)
    return _views(actor, rows)


def get_proposal(actor: Actor, proposal_id: UUID) -> ProposalView:
    """Return a proposal to me, or one of mine as a coach. Raises NotFound."""
    row = _whole(Proposal.objects.filter(policy.visible_proposals(actor), pk=proposal_id)).first()
    if row is None:
        raise NotFound("There is no such proposal.")
    view = _view(actor, row)
    if row.kind == ProposalKind.PLAN and not view.made and shared_plan_id(actor, row.educator_id) is not None:
        return replace(view, made=row.made)  # who may read her plan may read what she made of it
    return view


def shared_plan_id(actor: Actor, educator_id: UUID) -> UUID | None:
    """Return the id of the plan that somebody I coach shares with me at this moment, or None."""
    return next((pk for kind, pk in privacy.shared_items(actor, educator_id) if kind == "plan"), None)


def shared_goal_ids(actor: Actor, educator_id: UUID) -> list[UUID]:
    """Return the ids of the goals that somebody I coach shares with me at this moment."""
    return [pk for kind, pk in privacy.shared_items(actor, educator_id) if kind == "goal"]


def why_no_fit(
    line: PlanLine, plan: PlanView, offered: Collection[UUID], ends_quiet: Collection[date] = ()
) -> str:
    """Return why a proposed change does not fit a plan as it is now, "" where it does; `offered` are resources that
    are still offered, `ends_quiet` weeks that other lines give time again.
    """
    items = {item.id: item for item in plan_items(plan)}
    item = items.get(line.item_id) if line.item_id else None
    if line.do in (Do.MOVE, Do.REMOVE):
        if item is None:
            return "It is not in your plan any more."
        if item.done:
            return "You have done it already."
    if line.do == Do.ADD and line.resource_id is not None and line.resource_id not in offered:
        return "It is not offered any more."
    if line.monday is None:
        return ""
    if line.monday < clock.week_start(clock.today()):
        return "That week is over."
    if line.do == Do.MOVE and item is not None and item.monday == line.monday:
        return "It is in that week already."
    week = next((week for week in plan.weeks if week.monday == line.monday), None)
    if line.do in (Do.MOVE, Do.ADD) and week is not None and week.quiet and line.monday not in ends_quiet:
        return "You keep that week quiet."
    if line.do == Do.WEEK and week is not None and (week.quiet, week.available) == (line.quiet, line.minutes):
        return "That week is like this already."
    return ""


def plan_items(plan: PlanView) -> list[ItemView]:
    """Return everything in a plan, each thing once."""
    return list(plan.items)


def no_fits(actor: Actor, lines: Iterable[PlanLine], plan: PlanView) -> list[str]:
    """Return for each change proposed to me why it does not fit my plan as it is now, "" where it does."""
    listed = list(lines)
    ids = {line.resource_id for line in listed if line.resource_id}
    offered = {row.pk for row in catalog.list_offered_by_ids(actor, ids)} if ids else set()
    opens = {line.monday for line in listed if line.do == Do.WEEK and not line.quiet and line.monday}
    return [why_no_fit(line, plan, offered, opens) for line in listed]


def _views(actor: Actor, rows: QuerySet[Proposal]) -> list[ProposalView]:
    return [_view(actor, row) for row in _whole(rows)]


def _whole(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return rows.select_related("link__coach", "educator").order_by("-at", "-pk")


def _view(actor: Actor, row: Proposal) -> ProposalView:
    mine = policy.can_answer_proposal(actor, row)
    return ProposalView(
        id=row.pk,
        link_id=row.link_id,
        kind=row.kind,
        state=row.state,
        note=row.note,
        proposed=row.proposed,
        made=row.made if mine else {},
        made_id=row.made_id if mine else None,
        coach_id=row.link.coach_id,
        coach_name=row.link.coach.full_name,
        educator_id=row.educator_id,
        educator_name=row.educator.full_name,
        mine_to_answer=mine and row.state == ProposalState.OPEN,
        mine_to_withdraw=policy.can_withdraw_proposal(actor, row),
        at=row.at,
        answered_at=row.answered_at,
    )


def my_observations(actor: Actor, state: str | None = ObservationState.OPEN) -> list[ObservationView]:
    """Return what coaches saw of me (None: in any state), newest first."""
    rows = Observation.objects.filter(policy.visible_observations(actor), educator_id=actor.person_id)
    return _seen(actor, rows.filter(state=state) if state else rows)


def observations_on(actor: Actor, link_id: UUID) -> list[ObservationView]:
    """Return what was seen on a link of mine on either side, newest first."""
    return _seen(actor, Observation.objects.filter(policy.visible_observations(actor), link_id=link_id))


def get_observation(actor: Actor, observation_id: UUID) -> ObservationView:
    """Return what a coach saw of me, or what I wrote as a coach. Raises NotFound."""
    found = _seen(actor, Observation.objects.filter(policy.visible_observations(actor), pk=observation_id))
    if not found:
        raise NotFound("There is no such observation.")
    return found[0]


def competencies_of(actor: Actor, link: CoachLink) -> list[Any]:
    """Return what an educator I coach works by: the competencies of the framework for her kind of job."""
    kind = link.educator.job_kind
    framework = next((one.framework for one in competencies.assignments(actor) if one.job_kind == kind), None)
    return list(competencies.list_competencies(actor, framework.pk, selectable_only=True)) if framework else []


def _seen(actor: Actor, rows: QuerySet[Observation]) -> list[ObservationView]:
    return [
        ObservationView(
            id=row.pk,
            link_id=row.link_id,
            saw=row.saw,
            on=row.on,
            competency_id=row.competency_id,
            competency_name=row.competency.name if row.competency else "",
            level=row.level,
            state=row.state if policy.can_answer_observation(actor, row) else "",
            coach_id=row.link.coach_id,
            coach_name=row.link.coach.full_name,
            educator_name=row.educator.full_name,
            mine_to_answer=policy.can_answer_observation(actor, row) and row.state != ObservationState.TAKEN_UP,
            mine_to_withdraw=policy.can_withdraw_observation(actor, row),
            at=row.at,
        )
        for row in rows.select_related("link__coach", "educator", "competency").order_by("-on", "-at", "-pk")
    ]


def list_offers(actor: Actor) -> QuerySet[MentorOffer]:
    """Return the offers of help in my district, by name."""
    rows = MentorOffer.objects.filter(policy.visible_offers(actor)).select_related("person")
    return rows.prefetch_related("strength_links__competency").order_by(
        "person__family_name", "person__given_name", "pk"
    )


def my_offer(actor: Actor) -> MentorOffer | None:
    """Return my own offer of help, or None."""
    return list_offers(actor).filter(person_id=actor.person_id).first() if actor.person_id else None


def places_left(actor: Actor, offer: MentorOffer) -> int:
    """Return how many more people somebody who offers help can take on."""
    return max(
        0, offer.most_people - CoachLink.objects.filter(coach_id=offer.person_id, state=LinkState.ACTIVE).count()
    )


def find_mentors(actor: Actor) -> list[MentorView]:
    """Return who offers help and has room, the best match for me first, each with its reasons; without me.

    My needs, goals and strengths decide the order, unless I refused the purpose "recommendation": then it is by name.
    """
    offers = [offer for offer in list_offers(actor) if offer.person_id != actor.person_id]
    active = CoachLink.objects.filter(state=LinkState.ACTIVE, coach_id__in=[offer.person_id for offer in offers])
    taken = Counter(active.values_list("coach_id", flat=True))
    near = set(people.list_colleagues(actor).values_list("pk", flat=True))
    by_id = {offer.person_id: offer for offer in offers}
    names = {link.competency_id: link.competency.name for offer in offers for link in offer.strength_links.all()}
    candidates = [
        engine.Mentor(
            id=offer.person_id,
            strengths=frozenset(link.competency_id for link in offer.strength_links.all()),
            places_left=offer.most_people - taken[offer.person_id],
            same_school=offer.person_id in near,
        )
        for offer in offers
    ]
    left = {mentor.id: mentor.places_left for mentor in candidates}
    return [
        _mentor_view(by_id[each.id], each, names, left[each.id]) for each in engine.rank(_seeker(actor), candidates)
    ]


def _seeker(actor: Actor) -> engine.Seeker:
    if actor.person_id is None or not privacy.may_use(actor.person_id, Purpose.RECOMMENDATION):
        return engine.Seeker()
    wanted = [need.competency_id for need in needs.my_needs(actor)]
    return engine.Seeker(
        needs=frozenset(each for each in wanted if each is not None),
        goals=frozenset(goal.competency_id for goal in goals.my_goals(actor) if goal.competency_id is not None),
        strengths=ids_among(people.get_profile(actor).strengths),
    )


_REASONS = {
    "goal": "Offers help with {names}, which one of your goals is about",
    "need": "Offers help with {names}, which you want to get better at",
    "together": "You are both good at {names}: you could learn together",
    "near": "Works at your school",
}


def _mentor_view(offer: MentorOffer, ranked: engine.RankedMentor, names: dict[UUID, str], left: int) -> MentorView:
    return MentorView(
        person_id=offer.person_id,
        name=offer.person.full_name,
        initials=offer.person.initials,
        about=offer.about,
        strengths=tuple(sorted(link.competency.name for link in offer.strength_links.all())),
        reasons=tuple(
            _REASONS[part.name].format(names=_listed([names[each] for each in part.competencies]))
            for part in ranked.parts
        ),
        score=ranked.score,
        places_left=left,
    )


def _listed(words: list[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def list_coaches(actor: Actor) -> list[Any]:
    """Return the people who coach by their role, by name, without me."""
    return [person for person in people.list_people_with_role(actor, Role.COACH) if person.pk != actor.person_id]


def export_for(actor: Actor) -> dict[str, Any]:
    """Return my links on both sides, proposals to me and by me, and my offer of help."""
    mine = CoachLink.objects.filter(educator_id=actor.person_id).select_related("coach").order_by("asked_at")
    offer = my_offer(actor)
    return {
        "coaches": [
            {
                "coach": link.coach.full_name,
                "message": link.message,
                "state": link.state,
                "asked_at": link.asked_at.isoformat(),
                "ended_at": link.ended_at.isoformat() if link.ended_at else None,
            }
            for link in mine
        ],
        "people_i_coach": [
            {"educator": link.educator.full_name, "message": link.message, "state": link.state}
            for link in links_to_me(actor)
        ],
        "proposals_to_me": [
            {
                "from": row.coach_name,
                "kind": row.kind,
                "state": row.state,
                "note": row.note,
                "proposed": row.proposed,
                "made": row.made,
                "at": row.at.isoformat(),
            }
            for row in my_proposals(actor, state=None)
        ],
        "proposals_by_me": [
            {"to": row.educator_name, "kind": row.kind, "proposed": row.proposed, "note": row.note, "state": row.state}
            for row in _views(
                actor, Proposal.objects.filter(policy.visible_proposals(actor), link__coach_id=actor.person_id)
            )
        ],
        "what_coaches_saw_of_me": [
            {
                "from": row.coach_name,
                "on": row.on.isoformat(),
                "saw": row.saw,
                "competency": row.competency_name,
                "level": row.level,
                "state": row.state,
            }
            for row in my_observations(actor, state=None)
        ],
        "what_i_saw_as_a_coach": [
            {"of": row.educator_name, "on": row.on.isoformat(), "saw": row.saw, "level": row.level}
            for row in _seen(
                actor, Observation.objects.filter(policy.visible_observations(actor), link__coach_id=actor.person_id)
            )
        ],
        "offer_of_help": {
            "about": offer.about,
            "most_people": offer.most_people,
            "with": sorted(link.competency.name for link in offer.strength_links.all()),
        }
        if offer
        else None,
    }
