"""Everything that home shows, gathered through the features' queries; the number of queries does not grow with the
rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from lantern.domain.announcements import queries as announcements
from lantern.domain.coaching import queries as coaching
from lantern.domain.coaching.types import LinkState
from lantern.domain.courses import queries as courses
from lantern.domain.credits import queries as credits
from lantern.domain.evidence import queries as evidence
from lantern.domain.goals import queries as goals
from lantern.domain.notices import queries as notices
from lantern.domain.notices.types import NOTICE_WORDS, in_words
from lantern.domain.people import queries as people
from lantern.domain.plans import queries as plans
from lantern.domain.plans.types import ItemView, PlanView, WeekView
from lantern.domain.recommendations import queries as recommendations
from lantern.domain.recommendations.types import SuggestionView
from lantern.engine.next_step import Facts, StepKind, Thing, next_step
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.ui.durations import duration
from lantern.web import gate
from lantern.web.home import words

SUGGESTIONS = 3
GOALS = 3
NEWS = 3

_URLS: dict[StepKind, str] = {
    StepKind.ANSWER: "portfolio:reflection",
    StepKind.RESUME: "learn:activity",
    StepKind.PLANNED: "learn:activity",
    StepKind.PROPOSAL: "together:proposal",
    StepKind.START: "start:start",
    StepKind.SET_GOAL: "grow:goals_new",
    StepKind.CHOOSE: "learn:resource",
    StepKind.LOOK_AROUND: "learn:catalog",
}


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal on home: its last look at the measure, and how far that is where it can be said."""

    goal: Any
    last: str
    percent: int | None

    @property
    def state(self) -> str:
        """Return where it stands, in words."""
        return f"{self.last} now, {self.goal.target} wanted" if self.last else f"{self.goal.baseline} at the start"


@dataclass(frozen=True, slots=True)
class Live:
    """The next live session in the plan, by the week it stands in."""

    item: ItemView
    monday: date

    @property
    def meta(self) -> str:
        """Return when, in words: the plan knows weeks, not hours."""
        length = f", {duration(self.item.minutes)}" if self.item.minutes else ""
        return f"In the week of {self.monday:%-d %B}{length}"


@dataclass(frozen=True, slots=True)
class Duty:
    """Another duty of a role: a link, and a word on it. Never a figure about a person."""

    title: str
    meta: str
    url: str
    icon: str


def gather(actor: Actor) -> dict[str, Any]:
    """Return the context of the home page."""
    me, profile = people.get_me(actor), people.get_profile(actor)
    plan = plans.my_plan(actor)
    shown = recommendations.current_for(actor, SUGGESTIONS)
    my_goals = goals.open_goals(actor)
    checks = goals.last_checks(actor, [goal.pk for goal in my_goals[:GOALS]])
    step = next_step(_facts(actor, plan, bool(my_goals), profile.started_at is not None, shown))
    week = _this_week(plan)
    licence = credits.licence_progress(actor)
    return {
        "greeting": words.greeting(timezone.localtime(clock.now()), me.given_name),
        "lead": _lead(len(my_goals), week, profile.started_at is not None),
        "step": step,
        "step_url": reverse(_URLS[step.kind], args=[step.subject] if step.subject else []),
        "week": week,
        "week_words": words.week_words(week.planned, week.available, week.quiet) if week else "",
        "suggestions": shown,
        "goals": [_goal_line(goal, checks.get(goal.pk)) for goal in my_goals[:GOALS]],
        "more_goals": max(0, len(my_goals) - GOALS),
        "licence": licence,
        "licence_hours": licence.hundredths / 100 if licence else 0,
        "live": _next_live(plan),
        "news": _news(actor),
        "announcements": announcements.latest(actor, 2),
        "duties": _duties(actor),
    }


def _facts(actor: Actor, plan: PlanView, has_goal: bool, has_started: bool, shown: list[SuggestionView]) -> Facts:
    reflection = evidence.first_to_answer(actor)
    begun = courses.latest_begun(actor)
    week = _this_week(plan)
    waiting = next((item for item in week.items if not item.done), None) if week else None
    proposals = coaching.my_proposals(actor)
    return Facts(
        to_answer=Thing(reflection.pk, reflection.activity.title, note=_trial(reflection)) if reflection else None,
        under_way=Thing(begun.pk, begun.title, begun.minutes, begun.percent, _why(plan, begun.pk)) if begun else None,
        planned=_planned(plan, waiting) if waiting else None,
        proposal=_proposed(proposals[0]) if proposals else None,
        has_started=has_started,
        has_goal=has_goal,
        suggestion=Thing(shown[0].resource_id, shown[0].title, shown[0].minutes or 0, note=shown[0].because)
        if shown
        else None,
    )


def _planned(plan: PlanView, item: ItemView) -> Thing:
    return Thing(item.activity_id, item.title, item.here, item.percent, _why(plan, item.activity_id))


def _why(plan: PlanView, activity_id: Any) -> str:
    """Return why something is in the plan: the goal it serves, or the reason it came with; "" when neither is known."""
    item = next((item for item in plan.items if item.activity_id == activity_id), None)
    if item is None:
        return ""
    return f"It serves your goal “{item.goal_title}”." if item.goal_title else item.reason


def _trial(reflection: Any) -> str:
    where = f" with {reflection.try_class}" if reflection.try_class else ""
    return f"You planned to try it{where} by {reflection.try_on:%-d %B}. Whatever came of it, it is worth a line."


def _proposed(proposal: Any) -> Thing:
    return Thing(proposal.id, proposal.proposed.get("title") or "A suggestion for your plan", note=proposal.coach_name)


def _this_week(plan: PlanView) -> WeekView | None:
    monday = clock.week_start(clock.today())
    return next((week for week in plan.weeks if week.monday == monday), None)


def _next_live(plan: PlanView) -> Live | None:
    for week in plan.weeks:
        for item in week.items:
            if item.kind == "live_session" and not item.done:
                return Live(item, week.monday)
    return None


def _goal_line(goal: Any, last: Any) -> GoalLine:
    value = last.value if last else ""
    return GoalLine(goal, value, words.goal_percent(goal.baseline, value or goal.baseline, goal.target))


def _lead(goal_count: int, week: WeekView | None, started: bool) -> str:
    if not started:
        return "Nice to have you here. Everything you write is yours alone until you share it."
    goals_said = f"You have {words.count(goal_count, 'goal')}" if goal_count else "No goal is set yet"
    if week is None or not week.available:
        return f"{goals_said}, and nothing is due this week."
    return f"{goals_said}, and {week.planned} of your {week.available} minutes this week are planned."


def _news(actor: Actor) -> list[tuple[str, Any]]:
    unread = notices.first_unread(actor, NEWS)
    return [(in_words(notice.kind, notice.from_name), notice) for notice in unread if notice.kind in NOTICE_WORDS]


def _duties(actor: Actor) -> list[Duty]:
    duties: list[Duty] = []
    if actor.has(gate.COACH):
        asked = coaching.links_to_me(actor, LinkState.ASKED).count()
        meta = (
            f"{words.count(asked, 'colleague')} waiting for your answer" if asked else "Nobody is waiting for an answer"
        )
        duties.append(Duty("Coaching", meta, reverse("together:overview"), "message-circle"))
    if actor.has(gate.COORDINATOR, gate.SCHOOL_LEADER, gate.OFFICIAL):
        duties.append(Duty("Lead", "Aims, announcements and days", reverse("lead:overview"), "signpost"))
    if actor.has(gate.OFFICIAL):
        duties.append(Duty("Districts", "Who belongs to your state or region", reverse("lead:districts"), "map"))
    if actor.has(gate.COORDINATOR, gate.OPERATOR):
        duties.append(Duty("Manage", "People, organisations and the catalog", reverse("manage:overview"), "settings-2"))
    return duties
