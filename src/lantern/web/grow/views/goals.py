"""Goals: the list, one goal with everything about it, setting and changing one, looking at its measure, ending it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.coaching import queries as coaching
from lantern.domain.coaching.types import PROPOSAL_WORDS
from lantern.domain.competencies import queries as competencies
from lantern.domain.goals import commands, queries
from lantern.domain.goals.types import GOAL_STATE_WORDS, GoalState
from lantern.domain.initiatives import queries as initiatives
from lantern.domain.needs.types import LEVEL_WORDS
from lantern.domain.plans import queries as plans
from lantern.domain.privacy import queries as privacy
from lantern.domain.results import queries as results
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.grow import measures
from lantern.web.grow.forms.goals import CheckForm, GoalForm

_TIES = {"competency_id": "competency", "initiative_id": "initiative"}


@page(EDUCATOR)
def goals(request: Any) -> HttpResponse:
    """My goals: open ones first, those that ended behind a tab."""
    state = request.GET.get("state", GoalState.OPEN)
    state = state if state in GOAL_STATE_WORDS else GoalState.OPEN.value
    rows = list(queries.my_goals(request.actor, state=None))
    here = reverse("grow:goals")
    tabs = [
        {
            "label": words,
            "url": f"{here}?state={key}",
            "current": key == state,
            "count": sum(goal.state == key for goal in rows),
        }
        for key, words in GOAL_STATE_WORDS.items()
    ]
    shown = [goal for goal in rows if goal.state == state]
    return show(request, "grow/goals.html", goals=shown, state=state, tabs=tabs, today=clock.today())


@page(EDUCATOR, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Set a goal; a link may bring a title, a competency or an initiative along."""
    choices = _choices(request.actor)
    template = "grow/goal_form.html"
    extra: dict[str, Any] = {"goal": None}
    if request.method == "GET":
        brought = {
            name: request.GET.get(_TIES.get(name, name), "") for name in ("title", "competency_id", "initiative_id")
        }
        return show(request, template, form=GoalForm(initial=brought, **choices), **extra)
    form = GoalForm(request.POST, **choices)
    if not form.is_valid():
        return again(request, template, form, **extra)
    try:
        goal = commands.set_goal(request.actor, **form.cleaned_data)
    except Invalid as problem:
        return again(request, template, form, problem, **extra)
    return done(request, "grow:goal", goal.pk, message="Your goal is set. Only you can see it.")


@page(EDUCATOR)
def goal(request: Any, goal_id: UUID) -> HttpResponse:
    """One goal: its measure over time, what the plan holds for it, suggestions, and where it came from."""
    return show(request, "grow/goal.html", **_about(request.actor, goal_id), form=CheckForm())


@page(EDUCATOR, methods="GET POST")
def edit(request: Any, goal_id: UUID) -> HttpResponse:
    """Change a goal of mine."""
    actor = request.actor
    mine = queries.get_goal(actor, goal_id)
    choices = _choices(actor, mine)
    template = "grow/goal_form.html"
    extra: dict[str, Any] = {"goal": mine}
    if request.method == "GET":
        known = {name: getattr(mine, name) for name in GoalForm.base_fields}
        return show(request, template, form=GoalForm(initial=known, **choices), **extra)
    form = GoalForm(request.POST, **choices)
    if not form.is_valid():
        return again(request, template, form, **extra)
    try:
        commands.edit_goal(actor, goal_id=goal_id, **form.cleaned_data)
    except Invalid as problem:
        return again(request, template, form, problem, **extra)
    return done(request, "grow:goal", goal_id, message="Your goal is changed.")


@page(EDUCATOR, methods="POST")
def check(request: Any, goal_id: UUID) -> HttpResponse:
    """Write down what the measure says today."""
    form = CheckForm(request.POST)
    if not form.is_valid():
        return again(request, "grow/goal.html", form, **_about(request.actor, goal_id))
    try:
        commands.check_goal(request.actor, goal_id=goal_id, **form.cleaned_data)
    except Invalid as problem:
        return again(request, "grow/goal.html", form, problem, **_about(request.actor, goal_id))
    return done(request, "grow:goal", goal_id, message="Noted.")


@page(EDUCATOR, methods="POST")
def end(request: Any, goal_id: UUID) -> HttpResponse:
    """Call a goal reached, let it go, or open it again."""
    state = request.POST.get("state", "")
    if state == GoalState.OPEN:
        commands.reopen_goal(request.actor, goal_id=goal_id)
        return done(request, "grow:goal", goal_id, message="Your goal is open again.")
    goal = commands.end_goal(request.actor, goal_id=goal_id, state=state)
    words = (
        "You reached it. Well done."
        if goal.state == GoalState.REACHED
        else "Let go. You can open it again at any time."
    )
    return done(request, "grow:goal", goal_id, message=words)


def _choices(actor: Actor, goal: Any = None) -> dict[str, list[tuple[str, str]]]:
    """Return what a goal may be tied to: my framework, the initiatives I see, and what the goal is tied to already."""
    about = {str(each.pk): each.name for each in competencies.my_competencies(actor)}
    aims = {str(each.pk): each.title for each in initiatives.list_initiatives(actor)}
    if goal is not None and goal.competency:
        about.setdefault(str(goal.competency_id), goal.competency.name)
    if goal is not None and goal.initiative:
        aims.setdefault(str(goal.initiative_id), goal.initiative.title)
    return {"competencies": list(about.items()), "initiatives": list(aims.items())}


def _about(actor: Actor, goal_id: UUID) -> dict[str, Any]:
    goal = queries.get_goal(actor, goal_id)
    items = [(item, KIND_WORDS.get(item.kind, item.kind)) for item in plans.items_for_goal(actor, goal_id)]
    history = [(each, PROPOSAL_WORDS[each.state]) for each in coaching.proposals_behind(actor, goal_id)]
    return {
        "goal": goal,
        "state_words": GOAL_STATE_WORDS[goal.state],
        "level_words": LEVEL_WORDS.get(goal.target_level or 0, "") if goal.target_level else "",
        "checks": list(queries.list_checks(actor, goal_id)),
        "measures": [
            (each, measures.named(each.code, each.statement), measures.over_time(each.days))
            for each in results.measures_of(actor, goal_id)
        ],
        "items": items,
        "history": history,
        "shares": [each for each in privacy.my_shares(actor) if each.item_id == goal_id],
        "is_open": goal.state == GoalState.OPEN,
        "is_late": goal.state == GoalState.OPEN and goal.due_on < clock.today(),
    }
