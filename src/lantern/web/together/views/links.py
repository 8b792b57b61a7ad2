"""A coaching link as each of the two sees it: answering, ending, sharing, and reading what was shared."""

from textwrap import shorten
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format

from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.coaching import commands, queries
from lantern.domain.coaching.types import OBSERVATION_WORDS, PROPOSAL_WORDS, LinkState, ObservationView
from lantern.domain.evidence import commands as evidence_commands
from lantern.domain.evidence import queries as evidence
from lantern.domain.evidence.types import ITEM_KIND as EVIDENCE
from lantern.domain.goals import commands as goal_commands
from lantern.domain.goals import queries as goals
from lantern.domain.goals.types import GOAL_STATE_WORDS
from lantern.domain.needs.types import LEVEL_WORDS
from lantern.domain.plans import commands as plan_commands
from lantern.domain.privacy import queries as privacy
from lantern.domain.privacy.types import ShareView
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.together.forms.coaching import ShareForm


@page(EDUCATOR)
def link(request: Any, link_id: UUID) -> HttpResponse:
    """One link: what is asked, shared and proposed."""
    actor = request.actor
    found = queries.get_link(actor, link_id)
    i_coach = found.coach_id == actor.person_id
    opened = _shared_with_me(actor, found.educator_id) if i_coach and found.state == LinkState.ACTIVE else []
    return show(
        request,
        "together/link.html",
        link=found,
        i_coach=i_coach,
        plan_shared=any(each["icon"] == "calendar" for each in opened),
        other=found.educator if i_coach else found.coach,
        is_asked=found.state == LinkState.ASKED,
        is_active=found.state == LinkState.ACTIVE,
        shares=[] if i_coach else _my_shares(actor, found.coach_id),
        shared=opened,
        proposals=[(each, PROPOSAL_WORDS[each.state]) for each in queries.proposals_on(actor, link_id)],
        observations=[_seen(each) for each in queries.observations_on(actor, link_id)],
    )


@page(EDUCATOR, methods="POST")
def answer(request: Any, link_id: UUID) -> HttpResponse:
    """Say yes or no to who asked me."""
    choice = request.POST.get("answer", "")
    if choice not in {"yes", "no"}:
        raise Invalid({"answer": "Say yes or no."})
    found = commands.answer_link(request.actor, link_id=link_id, accept=choice == "yes")
    if found.state == LinkState.ACTIVE:
        return done(
            request, "together:link", link_id, message="You work with each other now. You see what is shared with you."
        )
    return done(request, "together:overview", message="You said no. That is all right.")


@page(EDUCATOR, methods="POST")
def end(request: Any, link_id: UUID) -> HttpResponse:
    """End a link of mine on either side."""
    commands.end_link(request.actor, link_id=link_id)
    return done(request, "together:overview", message="That has ended, and so has everything that was shared for it.")


@page(EDUCATOR, methods="GET POST")
def share(request: Any, link_id: UUID) -> HttpResponse:
    """Choose what my coach may read."""
    actor = request.actor
    found = queries.get_link(actor, link_id)
    if found.educator_id != actor.person_id or found.state != LinkState.ACTIVE:
        raise NotFound("There is nothing to share here.")
    leads_me = queries.leads_me(actor, found.coach_id)
    shared = privacy.shared_by_me(actor, found.coach_id)
    mine = [(str(goal.pk), goal.title) for goal in goals.my_goals(actor) if ("goal", goal.pk) not in shared]
    offered = evidence.shareable_evidence(actor).items()
    films = [(str(pk), title) for pk, title in offered if (EVIDENCE, pk) not in shared]
    extra: dict[str, Any] = {
        "link": found,
        "leads_me": leads_me,
        "nothing_left": not mine and not films and any(kind == "plan" for kind, _ in shared),
    }
    given: dict[str, Any] = {"goals": mine, "films": films, "leads_me": leads_me}
    if request.method == "GET":
        chosen = {"goal_ids": [request.GET.get("goal", "")], "evidence_ids": [request.GET.get("evidence", "")]}
        return show(request, "together/share.html", form=ShareForm(initial={**chosen, "days": "90"}, **given), **extra)
    form = ShareForm(request.POST, **given)
    if not form.is_valid():
        return again(request, "together/share.html", form, **extra)
    try:
        commands.share_with_coach(actor, link_id=link_id, **form.cleaned_data)
    except Invalid as problem:
        return again(request, "together/share.html", form, problem, **extra)
    return done(
        request,
        "together:link",
        link_id,
        message="Shared. You can end it here at any time, and you see each time it is read.",
    )


@page(EDUCATOR)
def item(request: Any, link_id: UUID, item_kind: str, item_id: UUID) -> HttpResponse:
    """Read what somebody I coach shared with me, who sees that I did; or see my own thing just as my coach would."""
    actor = request.actor
    found = queries.get_link(actor, link_id)
    mine = found.educator_id == actor.person_id
    may = (
        (item_kind, item_id) in queries.shareable_titles(actor)
        if mine
        else (item_kind, item_id) in privacy.shared_items(actor, found.educator_id)
    )
    if not may or found.state != LinkState.ACTIVE:
        raise NotFound("There is nothing here.")
    context: dict[str, Any] = {"link": found, "educator": found.educator, "mine": mine}
    if item_kind == "goal":
        goal = goal_commands.open_shared_goal(actor, goal_id=item_id, purpose="Coaching")
        level = LEVEL_WORDS[goal.target_level] if goal.target_level else ""
        context |= {"goal": goal, "checks": list(goal.checks.order_by("on", "at")), "level_words": level}
        return show(request, "together/shared_goal.html", **context, state_words=GOAL_STATE_WORDS[goal.state])
    if item_kind == "plan":
        view = plan_commands.open_shared_plan(actor, plan_id=item_id, purpose="Coaching")
        this_monday = clock.week_start(clock.today())
        return show(
            request, "together/shared_plan.html", **context, plan=view, kinds=KIND_WORDS, this_monday=this_monday
        )
    if item_kind == EVIDENCE:
        film = evidence_commands.open_shared_evidence(actor, evidence_id=item_id, purpose="Coaching")
        made = evidence.film_of(film)
        return show(request, "together/shared_evidence.html", **context, evidence=film, film=made)
    raise NotFound("There is nothing here.")


def _seen(each: ObservationView) -> tuple[ObservationView, str, str]:
    """Return an observation with its title and its line; the state is there for its educator only."""
    parts = (date_format(each.on, "j F Y"), each.competency_name, OBSERVATION_WORDS.get(each.state, ""))
    return each, shorten(each.saw, 80, placeholder=" …"), " · ".join(part for part in parts if part)


def _my_shares(actor: Actor, coach_id: UUID) -> list[ShareView]:
    return [each for each in privacy.my_shares(actor, queries.shareable_titles(actor)) if each.grantee_id == coach_id]


_SHARED_WORDS = {
    "goal": ("Goal", "flag"),
    "plan": ("The plan", "calendar"),
    EVIDENCE: ("Picture or video", "video"),
}


def _shared_with_me(actor: Actor, owner_id: UUID) -> list[dict[str, str]]:
    """Return what is shared with me by its kind only: its words are read behind the door that writes the look down."""
    found = queries.links_to_me(actor, LinkState.ACTIVE).filter(educator_id=owner_id).first()
    if found is None:
        return []
    rows = []
    for number, (kind, item_id) in enumerate(privacy.shared_items(actor, owner_id), start=1):
        words, icon = _SHARED_WORDS.get(kind, ("Something", "file-text"))
        name = words if kind == "plan" else f"{words} {number}"
        rows.append(
            {"title": name, "icon": icon, "url": reverse("together:links_item", args=[found.pk, kind, item_id])}
        )
    return rows
