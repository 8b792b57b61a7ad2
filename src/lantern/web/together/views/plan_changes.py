"""Changes of a plan: a coach proposes them beside the plan as it is; she whose plan it is takes up what she likes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.formats import date_format

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import KIND_WORDS, Search
from lantern.domain.coaching import commands, queries
from lantern.domain.coaching.types import PROPOSAL_WORDS, Do, LinkState, MadeLine, Outcome, PlanLine, ProposalView
from lantern.domain.goals import commands as goal_commands
from lantern.domain.goals import queries as goals
from lantern.domain.plans import commands as plan_commands
from lantern.domain.plans import queries as plans
from lantern.domain.plans.types import PlanView
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.ui.durations import duration
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.together.forms.plan_changes import SLOTS, AnswerForm, PlanChangesForm

_PROPOSE = "together/plan_propose.html"
_ANSWER = "together/plan_proposal.html"
_WEEKS_AHEAD = 26
_PURPOSE = "Planning together"


@page(EDUCATOR, methods="GET POST")
def propose(request: Any, link_id: UUID) -> HttpResponse:
    """Propose changes of a plan that is shared with me."""
    actor = request.actor
    link = queries.get_link(actor, link_id)
    plan_id = queries.shared_plan_id(actor, link.educator_id)
    if link.coach_id != actor.person_id or link.state != LinkState.ACTIVE or plan_id is None:
        raise NotFound("There is nothing here.")
    plan = plan_commands.open_shared_plan(actor, plan_id=plan_id, purpose=_PURPOSE)
    given: dict[str, Any] = {"plan": plan, "weeks": _choices(plan), "goals": _shared_goals(actor, link.educator_id)}
    extra: dict[str, Any] = {"link": link, "to": link.educator}
    if request.method == "GET":
        known, found = _from_catalog(actor, request)
        return show(request, _PROPOSE, form=PlanChangesForm(initial=known, **given), **extra, **found)
    form = PlanChangesForm(request.POST, **given)
    if not form.is_valid():
        return again(request, _PROPOSE, form, **extra)
    try:
        commands.propose_plan(actor, link_id=link_id, lines=form.lines(), note=form.cleaned_data["note"])
    except Invalid as problem:
        return again(request, _PROPOSE, form, problem, **extra)
    return done(
        request, "together:link", link_id, message=f"Proposed. {link.educator.full_name} decides what becomes of it."
    )


def _shared_goals(actor: Actor, educator_id: UUID) -> list[tuple[str, str]]:
    """Return the goals she shares with me by their titles; reading these is a look, which she sees."""
    ids = queries.shared_goal_ids(actor, educator_id)
    opened = [goal_commands.open_shared_goal(actor, goal_id=pk, purpose=_PURPOSE) for pk in ids]
    return [(str(goal.pk), goal.title) for goal in opened]


def _from_catalog(actor: Actor, request: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what chosen resources fill in, and what a search of the catalog found; the choice stays in its links."""
    words, chosen = request.GET.get("q", "").strip()[:200], request.GET.getlist("add")[:SLOTS]
    try:
        wanted = list(dict.fromkeys(UUID(each) for each in chosen))
    except ValueError:
        raise NotFound("There is no such resource.") from None
    resources = {row.pk: row for row in catalog.list_offered_by_ids(actor, wanted)}
    known: dict[str, Any] = {}
    for slot, pk in enumerate(pk for pk in wanted if pk in resources):
        row = resources[pk]
        known |= {f"resource_{slot}": str(pk), f"title_{slot}": row.title, f"lasts_{slot}": row.minutes or 30}
    kept = "".join(f"&add={pk}" for pk in wanted)
    rows = list(catalog.search(actor, Search(q=words)).resources)[:8] if words else []
    listed = [(each, KIND_WORDS.get(each.kind, each.kind), f"?add={each.pk}{kept}") for each in rows]
    return known, {"results": listed, "q": words, "chosen": wanted}


def shown(request: Any, found: ProposalView) -> HttpResponse:
    """One proposal of changes: each line beside the plan as it is, and the answer while it waits for mine."""
    form = _form(request.actor, found) if found.mine_to_answer else None
    return show(request, _ANSWER, form=form, **_about(request.actor, found, form))


def answered(request: Any, found: ProposalView, decision: str) -> HttpResponse:
    """Take up all that fits, what is ticked as it is written, or pass on all of it."""
    actor = request.actor
    if decision == "decline":
        commands.answer_proposal(actor, proposal_id=found.id, decision=decision)
        return done(request, "together:proposal", found.id, message="You passed on it. That is all right.")
    form = _form(actor, found, request.POST if decision == "choose" else None)
    if decision == "choose" and not form.is_valid():
        return again(request, _ANSWER, form, **_about(actor, found, form))
    versions = form.versions() if decision == "choose" else None
    try:
        if decision not in {"accept", "choose"}:
            raise Invalid({"": "Say what you take up."})
        made = commands.answer_plan_proposal(actor, proposal_id=found.id, versions=versions)
    except Invalid as problem:
        reasons = " ".join(_named(name, why, found) for name, why in problem.fields.items())
        response = show(request, _ANSWER, form=form, refused=reasons, **_about(actor, found, form))
        response.status_code = 422
        return response
    left = [one for one in made if one.outcome == Outcome.NO_FIT]
    words = "Taken up. Your plan is changed."
    if left:
        words += " Left out, since it does not fit any more: " + "; ".join(_words(one.line) for one in left) + "."
    return done(request, "together:proposal", found.id, message=words)


def _named(name: str, why: str, found: ProposalView) -> str:
    number = name.removeprefix("line_")
    return f"{_words(found.lines[int(number)])}: {why}" if number.isdigit() else why


def _form(actor: Actor, found: ProposalView, data: Any = None) -> AnswerForm:
    plan = plans.my_plan(actor)
    fits = queries.no_fits(actor, found.lines, plan)
    into = {line.monday for line in found.lines if line.do in (Do.MOVE, Do.ADD) and line.monday}
    opened = {line.monday for line in found.lines if line.do == Do.WEEK and not line.quiet and line.monday}
    return AnswerForm(data, lines=found.lines, no_fits=fits, weeks=_choices(plan, into | opened))


def _about(actor: Actor, found: ProposalView, form: AnswerForm | None) -> dict[str, Any]:
    plan = plans.my_plan(actor) if found.mine_to_answer else None
    fits = queries.no_fits(actor, found.lines, plan) if plan else [""] * len(found.lines)
    made = found.made_lines or (None,) * len(found.lines)
    titles = goals.my_titles(actor) if plan else {}
    rows = [
        {
            "words": _words(line),
            "reason": line.reason,
            "goal": titles.get(line.goal_id, "") if line.goal_id else "",
            "goal_gone": bool(plan and line.goal_id and line.goal_id not in titles),
            "now": _now(line, plan) if plan else "",
            "no_fit": fits[number],
            "became": _became(line, made[number]),
            "fields": form.of(number) if form else [],
        }
        for number, line in enumerate(found.lines)
    ]
    mine = actor.person_id == found.educator_id
    return {
        "proposal": found,
        "rows": rows,
        "mine": mine,
        "state_words": PROPOSAL_WORDS[found.state],
        "older": bool(plan and plan.version != found.plan_version),
    }


def _choices(plan: PlanView, also: Collection[date] = ()) -> list[tuple[str, str]]:
    """Return the weeks that something may go into: those ahead but for quiet ones, and of these the ones in `also`,
    which a proposal opens or puts something into.
    """
    this_monday = clock.week_start(clock.today())
    quiet = {week.monday for week in plan.weeks if week.quiet}
    mondays = {week.monday for week in plan.weeks if week.monday >= this_monday}
    mondays |= {this_monday + timedelta(weeks=number) for number in range(_WEEKS_AHEAD)}
    ahead = {monday for monday in also if monday >= this_monday}
    return [(monday.isoformat(), f"W{_week(monday)[1:]}") for monday in sorted((mondays - quiet) | ahead)]


def _week(monday: date) -> str:
    return f"week of {date_format(monday, 'j F')}"


def _words(line: PlanLine) -> str:
    """Return a line as a sentence."""
    into = f"the {_week(line.monday)}" if line.monday else "no week yet"
    match line.do:
        case Do.WEEK if line.quiet:
            return f"Keep {into} quiet"
        case Do.WEEK:
            return f"Give {into} {duration(line.minutes or 0)}"
        case Do.MOVE:
            return f"Move “{line.title}” into {into}"
        case Do.REMOVE:
            return f"Take “{line.title}” out"
    place = into if line.monday else "the first week with room"
    lasts = f" ({duration(line.minutes)})" if line.minutes else ""
    return f"Put “{line.title}”{lasts} into {place}"


def _now(line: PlanLine, plan: PlanView) -> str:
    """Return how it is in my plan now."""
    if line.do == Do.WEEK:
        week = next((week for week in plan.weeks if week.monday == line.monday), None)
        if week is None:
            return ""
        return "It is quiet" if week.quiet else f"It has {duration(week.available)}"
    item = next((item for item in queries.plan_items(plan) if item.id == line.item_id), None)
    if item is None:
        return "" if line.do == Do.ADD else "It is not in your plan"
    return f"It is in the {_week(item.monday)}" if item.monday else "It is in no week yet"


def _became(line: PlanLine, made: MadeLine | None) -> str:
    """Return what became of a line, in words for both of the two."""
    if made is None:
        return ""
    match made.outcome:
        case Outcome.TAKEN:
            return "Taken up as it was"
        case Outcome.CHANGED:
            words = _words(made.line)
            if words == _words(line):
                words = f"{words}: {made.line.reason}" if made.line.reason else words
            return f"Taken up so: {words}"
        case Outcome.NO_FIT:
            return "It did not fit the plan any more"
    return "Not taken up"
