"""Changes of a plan that a coach proposes, line by line, and what the educator makes of each (B.4).

Nothing in her plan changes until she acts. Then each line is carried out whole or not at all: what does not fit her
plan any more is named and left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import Kind, Status
from lantern.domain.coaching import queries
from lantern.domain.coaching.commands.links import link_to_propose_on, proposal_to_answer
from lantern.domain.coaching.events import ProposalAnswered, ProposalMade
from lantern.domain.coaching.models import Proposal
from lantern.domain.coaching.types import (
    MOST_LINES,
    YOUR_COACH,
    Do,
    MadeLine,
    Outcome,
    PlanLine,
    ProposalKind,
    ProposalState,
)
from lantern.domain.courses import commands as courses
from lantern.domain.goals import queries as goals
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.domain.plans.types import MOST_MINUTES, MOST_WEEKS, PlanView
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.kernel.events import publish

TITLE = "Changes to your plan"
_NOTE_MOST = 2000
_REASON_MOST = 160
_ORDER = list(Do)


@transaction.atomic
def propose_plan(actor: Actor, *, link_id: UUID, lines: Iterable[PlanLine], note: str = "") -> Proposal:
    """Put changes of her plan forward to somebody I coach, who shares that plan with me; nothing of hers changes.

    It names a goal only where she shares that too. Raises NotFound, NotAllowed, Invalid.
    """
    link = link_to_propose_on(actor, link_id)
    plan_id = queries.shared_plan_id(actor, link.educator_id)
    if plan_id is None:
        raise NotFound("This plan is not shared with you.")
    listed = sorted(lines, key=lambda line: _ORDER.index(Do(line.do)))
    if not listed:
        raise Invalid({"": "Change at least one thing before you propose it."})
    if len(listed) > MOST_LINES:
        raise Invalid({"": f"A proposal holds at most {MOST_LINES} changes."})
    if len(note) > _NOTE_MOST:
        raise Invalid({"note": f"Please keep this to {_NOTE_MOST} characters."})
    plan = plans.open_shared_plan(actor, plan_id=plan_id, purpose="Planning together")
    shared = frozenset(queries.shared_goal_ids(actor, link.educator_id))
    checked = [_checked(actor, line, plan, shared) for line in listed]
    quiet = {line.monday for line in checked if line.do == Do.WEEK and line.quiet}
    if any(line.do in (Do.MOVE, Do.ADD) and line.monday in quiet for line in checked):
        raise Invalid({"": "You propose to keep a week quiet and to put something into it. Choose one of the two."})
    proposal = Proposal.objects.create(
        link=link,
        educator_id=link.educator_id,
        kind=ProposalKind.PLAN.value,
        proposed={"title": TITLE, "version": plan.version, "lines": [line.kept() for line in checked]},
        note=note.strip(),
        at=clock.now(),
    )
    publish(actor, ProposalMade(proposal.pk, link.educator_id))
    return proposal


def _checked(actor: Actor, line: PlanLine, plan: PlanView, shared_goals: frozenset[UUID]) -> PlanLine:
    """Return a line with the title of what it is about. Raises NotFound, Invalid."""
    this_monday = clock.week_start(clock.today())
    if line.monday is not None and not (
        line.monday.weekday() == 0 and this_monday <= line.monday <= this_monday + timedelta(weeks=MOST_WEEKS)
    ):
        raise Invalid({"": "Choose weeks from this one on, within the coming year."})
    if line.do in (Do.MOVE, Do.REMOVE):
        item = next((item for item in queries.plan_items(plan) if item.id == line.item_id), None)
        if item is None:
            raise NotFound("That is not in this plan.")
        return PlanLine(line.do, title=item.title, item_id=item.id, monday=line.monday)
    if line.do == Do.WEEK:
        if line.monday is None or line.minutes is None or not 0 <= line.minutes <= MOST_MINUTES:
            raise Invalid({"": f"A week has between 0 and {MOST_MINUTES} minutes."})
        return PlanLine(line.do, monday=line.monday, minutes=0 if line.quiet else line.minutes, quiet=line.quiet)
    if line.goal_id is not None and line.goal_id not in shared_goals:
        raise NotFound("That goal is not shared with you.")
    if len(line.reason) > _REASON_MOST:
        raise Invalid({"": f"Please keep each reason to {_REASON_MOST} characters."})
    if line.resource_id is not None:
        resource = catalog.get_resource(actor, line.resource_id)
        if resource.status != Status.PUBLISHED:
            raise Invalid({"": f"“{resource.title}” is not offered any more."})
        return replace(line, item_id=None, title=resource.title, minutes=resource.minutes)
    return replace(line, item_id=None, title=_own_words(line))


def _own_words(line: PlanLine) -> str:
    title = " ".join(line.title.split())
    if not title or len(title) > 300:
        raise Invalid({"": "Say what you propose, in at most 300 characters."})
    if line.minutes is None or not 1 <= line.minutes <= MOST_MINUTES:
        raise Invalid({"": f"Say about how many minutes “{title}” takes, between 1 and {MOST_MINUTES}."})
    return title


@transaction.atomic
def answer_plan_proposal(
    actor: Actor, *, proposal_id: UUID, versions: Mapping[int, PlanLine] | None = None
) -> tuple[MadeLine, ...]:
    """Take up changes of my plan that my coach proposed: all that still fit, or with `versions` those lines of them (by
    their number), each as it is there. Both versions are kept; return what became of each line.

    A line named in `versions` that does not fit refuses the whole, with the reason, and nothing is changed. Raises
    NotFound, NotAllowed, Conflict, Invalid.
    """
    proposal = proposal_to_answer(actor, proposal_id)
    if proposal.kind != ProposalKind.PLAN:
        raise NotFound("There is no such proposal.")
    plan = plans.begin_plan(actor)  # locks it: what fits now still fits when it is carried out
    proposed = [PlanLine.of(kept) for kept in proposal.proposed["lines"]]
    if versions is not None and not versions:
        raise Invalid({"": "Tick what you take up, or pass on all of it."})
    made = tuple(_made(actor, number, line, versions) for number, line in enumerate(proposed))
    if not any(one.outcome in (Outcome.TAKEN, Outcome.CHANGED) for one in made):
        raise Invalid({"": "None of this fits your plan any more. You can pass on it."})
    proposal.made = {
        "title": TITLE,
        "lines": [{"line": one.line.kept(), "outcome": one.outcome, "why": one.why} for one in made],
    }
    proposal.made_id, proposal.answered_at = plan.pk, clock.now()
    proposal.state = _state(made).value
    proposal.save(update_fields=["state", "made", "made_id", "answered_at"])
    publish(actor, ProposalAnswered(proposal.pk, proposal.link.coach_id, taken_up=True))
    return made


def _state(made: Sequence[MadeLine]) -> ProposalState:
    outcomes = {one.outcome for one in made}
    if outcomes & {Outcome.PASSED, Outcome.NO_FIT}:
        return ProposalState.PARTLY
    return ProposalState.REWRITTEN if Outcome.CHANGED in outcomes else ProposalState.ACCEPTED


def _made(actor: Actor, number: int, proposed: PlanLine, versions: Mapping[int, PlanLine] | None) -> MadeLine:
    """Carry one line out in its own savepoint, and return what became of it."""
    if versions is not None and number not in versions:
        return MadeLine(proposed, Outcome.PASSED.value)
    line = proposed if versions is None else _rewritten(proposed, versions[number])
    now = plan_queries.my_plan(actor)
    why = queries.no_fits(actor, [line], now)[0]
    if not why:
        try:
            with transaction.atomic():
                _carry_out(actor, line)
        except (Invalid, NotFound) as problem:
            why = " ".join(problem.fields.values()) if isinstance(problem, Invalid) else str(problem)
    if why and versions is not None:
        raise Invalid({f"line_{number}": why})
    if why:
        return MadeLine(line, Outcome.NO_FIT.value, why)
    return MadeLine(line, (Outcome.TAKEN if line == proposed else Outcome.CHANGED).value)


def _rewritten(proposed: PlanLine, hers: PlanLine) -> PlanLine:
    """Return her version of a line: another week, other minutes, other words, and never another thing."""
    line = replace(proposed, monday=hers.monday)
    if proposed.do == Do.WEEK:
        minutes = 0 if hers.quiet else hers.minutes
        return replace(line, monday=proposed.monday, minutes=minutes, quiet=hers.quiet)
    if proposed.do == Do.ADD:
        line = replace(line, reason=hers.reason.strip()[:_REASON_MOST])
        if proposed.resource_id is None:
            line = replace(line, title=hers.title, minutes=hers.minutes)
            line = replace(line, title=_own_words(line))
    return line


def _carry_out(actor: Actor, line: PlanLine) -> None:
    match line.do:
        case Do.REMOVE:
            plans.remove_item(actor, item_id=_id(line.item_id))
        case Do.MOVE:
            plans.move_item(actor, item_id=_id(line.item_id), monday=line.monday)
        case Do.WEEK:
            plans.set_week(actor, monday=_day(line.monday), minutes=line.minutes or 0, quiet=line.quiet)
        case _:
            _add(actor, line)


def _add(actor: Actor, line: PlanLine) -> None:
    mine, there = goals.my_titles(actor), queries.plan_items(plan_queries.my_plan(actor))
    facts: dict[str, Any] = {
        "monday": line.monday,
        "reason": line.reason or YOUR_COACH,
        "goal_id": line.goal_id if line.goal_id in mine else None,
    }
    if line.resource_id is not None:
        activity = courses.take_up(actor, resource_id=line.resource_id)
        if activity.pk in {item.activity_id for item in there}:
            raise Invalid({"": "It is in your plan already."})
    else:
        activity = courses.add_outside(actor, title=line.title, kind=Kind.COACHING.value, minutes=line.minutes or 0)
    plans.add_to_plan(actor, activity_id=activity.pk, **facts)


def _id(value: UUID | None) -> UUID:
    if value is None:
        raise NotFound("That is not in your plan.")
    return value


def _day(value: date | None) -> date:
    if value is None:
        raise Invalid({"monday": "A week is named by its Monday."})
    return value
