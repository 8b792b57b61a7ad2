"""Asking for a coach, answering, sharing with her, proposing, and what the educator makes of a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import KIND_WORDS, Kind
from lantern.domain.coaching import policy, queries
from lantern.domain.coaching.events import (
    CoachAnswered,
    CoachAsked,
    CoachLinkEnded,
    HelpOffered,
    HelpWithdrawn,
    ObservationWithdrawn,
    ProposalAnswered,
    ProposalMade,
    ProposalWithdrawn,
    SharedWithCoach,
)
from lantern.domain.coaching.models import CoachLink, MentorOffer, MentorStrength, Observation, Proposal
from lantern.domain.coaching.types import (
    ACTIVITY_FIELDS,
    GOAL_FIELDS,
    YOUR_COACH,
    LinkState,
    ProposalKind,
    ProposalState,
)
from lantern.domain.competencies import queries as competencies
from lantern.domain.courses import commands as courses
from lantern.domain.evidence import queries as evidence
from lantern.domain.evidence.types import ITEM_KIND as EVIDENCE
from lantern.domain.goals import commands as goals
from lantern.domain.goals import queries as goal_queries
from lantern.domain.people import queries as people
from lantern.domain.plans import commands as plans
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy import policy as privacy_policy
from lantern.domain.privacy.types import SHARE_DAYS
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish

_WORDS_MOST = 2000
_MOST_STRENGTHS = 12


@transaction.atomic
def ask_coach(actor: Actor, *, coach_id: UUID, message: str = "") -> CoachLink:
    """Ask somebody who coaches, or offers help, to work with me; asking again while it is open changes nothing.

    Raises NotFound for somebody who neither coaches nor offers help, Conflict when she has no room, Invalid.
    """
    me = privacy_policy.acting_person(actor)
    if coach_id == me:
        raise Invalid({"coach_id": "Choose somebody else: you cannot coach yourself here."})
    if len(message) > _WORDS_MOST:
        raise Invalid({"message": f"Please keep this to {_WORDS_MOST} characters."})
    coach = people.get_person(actor, coach_id)
    offer = MentorOffer.objects.filter(policy.visible_offers(actor), person_id=coach_id).first()
    if offer is None and coach not in queries.list_coaches(actor):
        raise NotFound("There is no such coach.")
    existing = CoachLink.objects.filter(educator_id=me, coach_id=coach_id, state__in=policy.OPEN_LINKS).first()
    if existing is not None:
        return existing
    if offer is not None and queries.places_left(actor, offer) == 0:
        raise Conflict(f"{coach.full_name} helps as many people as she can at the moment. You can ask somebody else.")
    try:
        with transaction.atomic():
            link = CoachLink.objects.create(
                educator_id=me, coach_id=coach_id, message=message.strip(), asked_at=clock.now()
            )
    except IntegrityError:
        return CoachLink.objects.get(educator_id=me, coach_id=coach_id, state__in=policy.OPEN_LINKS)
    publish(actor, CoachAsked(link.pk, coach_id))
    return link


@transaction.atomic
def answer_link(actor: Actor, *, link_id: UUID, accept: bool) -> CoachLink:
    """Say yes or no to somebody who asked me; the same answer twice changes nothing.

    Raises NotFound, NotAllowed, Conflict.
    """
    link = _link(actor, link_id)
    if not policy.can_answer_link(actor, link):
        raise NotAllowed("Only the person you asked can answer.")
    wanted = LinkState.ACTIVE if accept else LinkState.DECLINED
    if link.state == wanted:
        return link
    if link.state != LinkState.ASKED:
        raise Conflict("This was answered already.")
    link.state, link.answered_at = wanted.value, clock.now()
    link.save(update_fields=["state", "answered_at"])
    publish(actor, CoachAnswered(link.pk, link.educator_id, accepted=accept))
    return link


@transaction.atomic
def end_link(actor: Actor, *, link_id: UUID) -> CoachLink:
    """End a link of mine, on either side; what was shared for it ends with it (`flows/coaching.py`).

    Raises NotFound.
    """
    link = _link(actor, link_id)
    if link.state not in policy.OPEN_LINKS:
        return link
    link.state, link.ended_at = LinkState.ENDED.value, clock.now()
    link.save(update_fields=["state", "ended_at"])
    publish(actor, CoachLinkEnded(link.pk, link.educator_id, link.coach_id))
    return link


@transaction.atomic
def share_with_coach(
    actor: Actor,
    *,
    link_id: UUID,
    goal_ids: Iterable[UUID] = (),
    plan: bool = False,
    evidence_ids: Iterable[UUID] = (),
    days: int = SHARE_DAYS,
    confirmed: bool = False,
) -> int:
    """Share chosen goals, my plan, pictures and videos of mine with my coach for some days; return how much it was.

    A coach who also leads my school or district is named, and nothing is shared until I confirm. Raises NotFound,
    NotAllowed, Invalid.
    """
    link = _link(actor, link_id)
    if not policy.can_share_with(actor, link):
        raise NotAllowed("You can share once your coach has said yes.")
    chosen = [("goal", goal_queries.get_goal(actor, goal_id).pk) for goal_id in dict.fromkeys(goal_ids)]
    if plan:
        chosen.append(("plan", plans.begin_plan(actor).pk))
    films = evidence.shareable_evidence(actor) if (wanted := list(dict.fromkeys(evidence_ids))) else {}
    if not films.keys() >= set(wanted):
        raise NotFound("There is no such picture or video to share.")
    chosen += [(EVIDENCE, evidence_id) for evidence_id in wanted]
    if not chosen:
        raise Invalid({"": "Choose at least one thing to share."})
    leads_me = queries.leads_me(actor, link.coach_id)
    for kind, item_id in chosen:
        privacy.share(
            actor,
            grantee_id=link.coach_id,
            item_kind=kind,
            item_id=item_id,
            purpose="Coaching",
            leads_me=leads_me,
            confirmed=confirmed,
            days=days,
        )
    publish(actor, SharedWithCoach(link.pk, link.coach_id))
    return len(chosen)


@transaction.atomic
def propose(actor: Actor, *, link_id: UUID, kind: str, fields: Mapping[str, Any], note: str = "") -> Proposal:
    """Put a goal or an activity forward to somebody I coach; nothing of hers changes.

    Raises NotFound, NotAllowed, Invalid.
    """
    link = link_to_propose_on(actor, link_id)
    if len(note) > _WORDS_MOST:
        raise Invalid({"note": f"Please keep this to {_WORDS_MOST} characters."})
    proposal = Proposal.objects.create(
        link=link,
        educator_id=link.educator_id,
        kind=_kind(kind),
        proposed=_proposed(actor, kind, fields),
        note=note.strip(),
        at=clock.now(),
    )
    publish(actor, ProposalMade(proposal.pk, link.educator_id))
    return proposal


@transaction.atomic
def withdraw_proposal(actor: Actor, *, proposal_id: UUID) -> Proposal:
    """Take back what I proposed and nobody answered yet. Raises NotFound, NotAllowed, Conflict."""
    proposal = _proposal(actor, proposal_id)
    if proposal.link.coach_id != actor.person_id:
        raise NotAllowed("Only the coach can take a proposal back. You can decline it.")
    if proposal.state == ProposalState.WITHDRAWN:
        return proposal
    if not policy.can_withdraw_proposal(actor, proposal):
        raise Conflict("This was answered already.")
    proposal.state, proposal.answered_at = ProposalState.WITHDRAWN.value, clock.now()
    proposal.save(update_fields=["state", "answered_at"])
    publish(actor, ProposalWithdrawn(proposal.pk))
    return proposal


@transaction.atomic
def answer_proposal(
    actor: Actor, *, proposal_id: UUID, decision: str, fields: Mapping[str, Any] | None = None
) -> Proposal:
    """Accept a proposal as it is ("accept"), accept it in my own words ("rewrite", with `fields`), or decline it
    ("decline").

    Accepting sets the goal, or takes the activity up and puts it into my plan. What was proposed and what I made of
    it are both kept.
    Raises NotFound, NotAllowed, Conflict, and Invalid with what a goal still lacks.
    """
    proposal = proposal_to_answer(actor, proposal_id)
    if decision != "decline" and proposal.kind == ProposalKind.PLAN:
        raise Invalid({"decision": "Changes of a plan are answered line by line."})
    if decision == "decline":
        proposal.state = ProposalState.DECLINED.value
    elif decision in {"accept", "rewrite"}:
        made = dict(proposal.proposed) if decision == "accept" else _rewritten(proposal, fields)
        proposal.made_id = _make(actor, proposal, made)
        proposal.made = made
        changed = made != proposal.proposed
        proposal.state = (ProposalState.REWRITTEN if changed else ProposalState.ACCEPTED).value
    else:
        raise Invalid({"decision": "Say whether you accept it, write it in your own words, or decline it."})
    proposal.answered_at = clock.now()
    proposal.save(update_fields=["state", "made", "made_id", "answered_at"])
    publish(actor, ProposalAnswered(proposal.pk, proposal.link.coach_id, taken_up=proposal.made_id is not None))
    return proposal


@transaction.atomic
def offer_help(actor: Actor, *, competency_ids: Iterable[UUID], about: str = "", most_people: int = 3) -> MentorOffer:
    """Offer colleagues of my district help with what I am good at; offering again replaces the offer.

    Raises Invalid.
    """
    me = privacy_policy.acting_person(actor)
    wanted = list(dict.fromkeys(competency_ids))
    problems = {}
    if not wanted:
        problems["competency_ids"] = "Choose at least one thing that you can help with."
    elif len(wanted) > _MOST_STRENGTHS:
        problems["competency_ids"] = f"Choose at most {_MOST_STRENGTHS}: what you would be glad to be asked about."
    elif len(competencies.competency_names(actor, wanted)) < len(wanted):
        problems["competency_ids"] = "One of these is not in your frameworks any more. Please choose again."
    if len(about) > 300:
        problems["about"] = "Please keep this to 300 characters."
    if not 1 <= most_people <= 30:
        problems["most_people"] = "Choose between 1 and 30 people."
    if problems:
        raise Invalid(problems)
    offer, _ = MentorOffer.objects.update_or_create(
        person_id=me,
        defaults={
            "about": about.strip(),
            "most_people": most_people,
            "at": clock.now(),
            "tenant_id": actor.tenancy.own,
        },
    )
    MentorStrength.objects.filter(offer=offer).exclude(competency_id__in=wanted).delete()
    for competency_id in wanted:
        MentorStrength.objects.get_or_create(
            offer=offer, competency_id=competency_id, defaults={"tenant_id": actor.tenancy.own}
        )
    publish(actor, HelpOffered(offer.pk))
    return offer


@transaction.atomic
def withdraw_offer(actor: Actor) -> None:
    """Stop offering help; people I already help stay. Harmless when I offer none."""
    offer = MentorOffer.objects.filter(person_id=privacy_policy.acting_person(actor)).first()
    if offer is not None and policy.can_withdraw_offer(actor, offer):
        event = HelpWithdrawn(offer.pk)
        offer.delete()
        publish(actor, event)


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete a person's links on both sides with what was said on them, and her offer of help; return the counts."""
    privacy_policy.allow_erasure(actor, person_id)
    asked = CoachLink.objects.filter(educator_id=person_id)
    coached = CoachLink.objects.filter(coach_id=person_id)
    proposals, _ = Proposal.objects.filter(educator_id=person_id).delete()
    by_her, _ = Proposal.objects.filter(link__coach_id=person_id).delete()
    seen, _ = Observation.objects.filter(educator_id=person_id).delete()
    written = Observation.objects.filter(link__coach_id=person_id)
    withdrawn = [ObservationWithdrawn(pk) for pk in written.values_list("pk", flat=True)]
    seen_by_her, _ = written.delete()
    for event in withdrawn:
        publish(actor, event)
    return {
        "proposals": proposals + by_her,
        "observations": seen + seen_by_her,
        "coach_links": asked.delete()[0] + coached.delete()[0],
        "mentor_offers": MentorOffer.objects.filter(person_id=person_id).delete()[0],
    }


def proposal_to_answer(actor: Actor, proposal_id: UUID) -> Proposal:
    """Return a proposal that waits for my answer, locked. Raises NotFound, NotAllowed, Conflict."""
    proposal = _proposal(actor, proposal_id)
    if not policy.can_answer_proposal(actor, proposal):
        raise NotAllowed("Only the person it was made for can answer a proposal.")
    if proposal.state != ProposalState.OPEN:
        raise Conflict("This proposal is not open any more.")
    return proposal


def link_to_propose_on(actor: Actor, link_id: UUID) -> CoachLink:
    """Return a link on which I coach, locked. Raises NotFound, NotAllowed."""
    link = _link(actor, link_id)
    if not policy.can_propose(actor, link):
        raise NotAllowed("Only a coach who said yes can propose something.")
    return link


def _link(actor: Actor, link_id: UUID) -> CoachLink:
    link = CoachLink.objects.select_for_update().filter(policy.visible_links(actor), pk=link_id).first()
    if link is None:
        raise NotFound("There is no such link.")
    return link


def _proposal(actor: Actor, proposal_id: UUID) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("link__coach")
    proposal = rows.filter(policy.visible_proposals(actor), pk=proposal_id).first()
    if proposal is None:
        raise NotFound("There is no such proposal.")
    return proposal


def _kind(kind: str) -> str:
    if kind not in {ProposalKind.GOAL, ProposalKind.ACTIVITY}:  # changes of a plan: `propose_plan`
        raise Invalid({"kind": "A proposal is a goal or an activity."})
    return str(kind)


def _texts(kind: str, fields: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the known fields as text, an absent one as ""; so that both versions can be laid side by side."""
    known = GOAL_FIELDS if kind == ProposalKind.GOAL else ACTIVITY_FIELDS
    values = {name: (fields or {}).get(name) for name in known if name in (fields or {})}
    return {name: "" if value is None else str(value).strip() for name, value in values.items()}


def _rewritten(proposal: Proposal, fields: Mapping[str, Any] | None) -> dict[str, str]:
    """Return her version; something from the catalog that she words otherwise becomes a thing of her own."""
    made = {**proposal.proposed, **_texts(proposal.kind, fields)}
    if proposal.kind == ProposalKind.ACTIVITY and made != proposal.proposed:
        made["resource_id"] = ""
    return made


def _proposed(actor: Actor, kind: str, fields: Mapping[str, Any]) -> dict[str, str]:
    """Return a proposal's fields, or raise Invalid with what it lacks."""
    texts = dict.fromkeys(GOAL_FIELDS if kind == ProposalKind.GOAL else ACTIVITY_FIELDS, "") | _texts(kind, fields)
    if kind == ProposalKind.GOAL:
        problems = {
            name: words
            for name, words in (
                ("title", "Give the goal a name."),
                ("measure", "Say how she would notice it. A goal needs a measure."),
            )
            if not texts[name]
        }
        if problems:
            raise Invalid(problems)
        _goal_arguments(texts)
        if texts["competency_id"]:
            competencies.get_competency(actor, UUID(texts["competency_id"]))
        return texts
    if texts["resource_id"]:
        resource = catalog.get_resource(actor, _uuid(texts["resource_id"], "resource_id"))
        return texts | {
            "title": resource.title,
            "kind": resource.kind,
            "minutes": str(resource.minutes or ""),
            "url": resource.url,
        }
    _outside_arguments(texts)
    return texts


def _make(actor: Actor, proposal: Proposal, made: dict[str, str]) -> UUID:
    """Do what a proposal says, in the educator's name, and return the id of the goal or activity."""
    if proposal.kind == ProposalKind.GOAL:
        goal_id: UUID = goals.set_goal(actor, **_goal_arguments(made)).pk
        return goal_id
    if made["resource_id"]:
        resource_id = _uuid(made["resource_id"], "resource_id")
        item = plans.plan_resource(actor, resource_id=resource_id, reason=YOUR_COACH)
    else:
        activity = courses.add_outside(actor, **_outside_arguments(made))
        item = plans.add_to_plan(actor, activity_id=activity.pk, reason=YOUR_COACH)
    activity_id: UUID = item.activity_id
    return activity_id


def _goal_arguments(texts: Mapping[str, str]) -> dict[str, Any]:
    try:
        due_on = date.fromisoformat(texts["due_on"]) if texts["due_on"] else None
    except ValueError:
        raise Invalid({"due_on": "Write the day as year, month and day, such as 2026-06-30."}) from None
    level = texts["target_level"]
    if level and level not in {"1", "2", "3", "4"}:
        raise Invalid({"target_level": "Choose a level from the list."})
    return {
        "title": texts["title"],
        "why": texts["why"],
        "measure": texts["measure"],
        "baseline": texts["baseline"],
        "target": texts["target"],
        "due_on": due_on,
        "competency_id": _uuid(texts["competency_id"], "competency_id") if texts["competency_id"] else None,
        "target_level": int(level) if level else None,
    }


def _outside_arguments(texts: Mapping[str, str]) -> dict[str, Any]:
    problems = {}
    if not texts["title"] or len(texts["title"]) > 300:
        problems["title"] = "Say what it is, in at most 300 characters."
    if not texts["minutes"].isascii() or not texts["minutes"].isdigit() or not 1 <= int(texts["minutes"]) <= 60_000:
        problems["minutes"] = "Say about how many minutes it takes, between 1 and 60000."
    kind = texts["kind"] or Kind.ARTICLE.value
    if kind not in KIND_WORDS:
        problems["kind"] = "Choose a kind from the list."
    if texts["url"] and not texts["url"].startswith(("https://", "http://")):
        problems["url"] = "An address begins with https:// or http://."
    elif len(texts["url"]) > 500:
        problems["url"] = "Please keep the address to 500 characters."
    if problems:
        raise Invalid(problems)
    return {"title": texts["title"], "kind": kind, "minutes": int(texts["minutes"]), "url": texts["url"]}


def _uuid(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({field: "Choose one from the list."}) from None
