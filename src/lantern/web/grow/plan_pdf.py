"""The plan as a document: goals with their measures and how they stand, what was tried, and the weeks (B.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.formats import date_format

from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.plans.types import ItemView, PlanView, WeekView
from lantern.ui.durations import duration
from lantern.web import typeset

TEMPLATE = Path(__file__).with_name("plan.typ")


def write(
    *,
    name: str,
    day: date,
    goals: Iterable[tuple[Any, Any]],
    tried: Sequence[str],
    plan: PlanView,
    language: str = "en",
) -> bytes:
    """Return the PDF. `goals` are each with its newest check, or None; `tried` are lines she chose."""
    weeks = [_week(week) for week in plan.weeks]
    if plan.unplaced:
        weeks.append({"label": "No week yet", "minutes": "", "note": "", "items": [*map(_line, plan.unplaced)]})
    data = {
        "language": language,
        "name": name,
        "day": _day(day),
        "goals": [_goal(goal, check) for goal, check in goals],
        "tried": [*tried],
        "weeks": weeks,
        "total": f"Planned in all: {duration(plan.total_planned)}, of {duration(plan.total_available)} there are.",
    }
    return typeset.pdf(TEMPLATE, data)


def _goal(goal: Any, check: Any) -> dict[str, Any]:
    stands = f"{check.value} ({_day(check.on)})" if check else "Not looked at yet"
    facts = [
        ("Measure", goal.measure),
        ("Where it begins", goal.baseline),
        ("Where it stands", stands),
        ("Where it leads", goal.target),
        ("By when", _day(goal.due_on)),
        ("Competency", goal.competency.name if goal.competency else ""),
        ("Linked to", goal.initiative.title if goal.initiative else ""),
    ]
    return {
        "title": goal.title,
        "why": goal.why,
        "facts": [{"name": name, "value": value} for name, value in facts if value],
    }


def _week(week: WeekView) -> dict[str, Any]:
    return {
        "label": _day(week.monday),
        "minutes": "Quiet" if week.quiet else f"{week.planned} of {week.available}",
        "note": week.note or "Nothing planned",
        "items": [_line(item) for item in week.items],
    }


def _line(item: ItemView) -> str:
    said = [KIND_WORDS.get(item.kind, item.kind), duration(item.here)]
    said += [f"part {item.part} of {item.parts}"] if item.parts > 1 else []
    said += [f"for the goal: {item.goal_title}"] if item.goal_title else []
    return f"{item.title} ({', '.join(said)}){', done' if item.done else ''}"


def _day(day: date) -> str:
    return str(date_format(day, "j F Y"))
