"""The one loop of the product as a picture: eight steps, what is in each for this educator, and where she stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_CENTRE, _RADIUS, _NODE = 170, 122, 25


@dataclass(frozen=True, slots=True)
class Facts:
    """What the loop is told about an educator: numbers only."""

    needs: int
    rated: int
    goals: int
    planned_items: int
    planned_minutes: int
    available_minutes: int
    under_way: int
    finished: int
    to_reflect: int
    to_answer: int
    evidence: int
    hours_hundredths: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, how things stand there, the next act and its URL name; `here` is where she stands."""

    number: int
    name: str
    words: str
    act: str
    url_name: str
    here: bool = False
    behind: bool = False


_ACTS = (
    ("Notice", "Look at your needs", "grow:needs", "Say what you need", "grow:needs_words"),
    ("Choose", "See your goals", "grow:goals", "Set a goal", "grow:goals_new"),
    ("Plan", "Open your plan", "grow:plan", "Open your plan", "grow:plan"),
    ("Learn", "Go on with it", "grow:plan", "Find something", "learn:catalog"),
    ("Practise", "Answer them", "portfolio:overview", "See your reflections", "portfolio:overview"),
    ("Show", "Open your portfolio", "portfolio:overview", "Open your portfolio", "portfolio:overview"),
    ("Count", "See what counts", "portfolio:transcript", "See what counts", "portfolio:transcript"),
    ("Grow", "See where you stand", "grow:needs", "Rate yourself", "grow:needs_rate"),
)
"""Name of each step, then its act and URL name where there is something, and where there is nothing yet."""


def steps(facts: Facts) -> tuple[Step, ...]:
    """Return the eight steps in order; exactly one of them is where she stands."""
    here = _standing(facts)
    listed: list[Step] = []
    for number, (act, (there, words)) in enumerate(zip(_ACTS, _words(facts), strict=True), start=1):
        name, *acts = act
        label, url = acts[:2] if there else acts[2:]
        listed.append(Step(number, name, words, label, url, number == here, number < here))
    return tuple(listed)


def _words(facts: Facts) -> tuple[tuple[bool, str], ...]:
    """Return for each step whether there is something, and how things stand in words."""
    waiting = facts.to_reflect + facts.to_answer
    hours = f"{facts.hours_hundredths / 100:g} hours counted"
    minutes = f"{facts.planned_minutes} of {facts.available_minutes} minutes planned this week"
    return (
        (bool(facts.needs), _count(facts.needs, "open need") or "Nothing written down yet"),
        (bool(facts.goals), _count(facts.goals, "open goal") or "No goal yet"),
        (bool(facts.planned_items), minutes),
        (bool(facts.under_way), _count(facts.under_way, "thing", " under way") or "Nothing under way"),
        (bool(waiting), _count(waiting, "reflection", " waiting for you") or "No reflection is waiting"),
        (bool(facts.evidence), _count(facts.evidence, "piece", " of evidence") or "No evidence yet"),
        (bool(facts.hours_hundredths), hours if facts.hours_hundredths else "No hours counted yet"),
        (bool(facts.rated), _rated(facts.rated)),
    )


def _rated(number: int) -> str:
    if not number:
        return "Not rated yet"
    return f"{number} {'competency' if number == 1 else 'competencies'} rated"


def _standing(facts: Facts) -> int:
    """Return the number of the first step that asks for something."""
    asks = (
        (1, not facts.needs and not facts.rated and not facts.goals),
        (2, not facts.goals),
        (3, not facts.planned_items),
        (5, bool(facts.to_reflect + facts.to_answer)),
        (4, bool(facts.under_way) or not facts.finished),
        (6, not facts.evidence),
    )
    return next((number for number, asked in asks if asked), 8)


def _count(number: int, noun: str, after: str = "") -> str:
    return f"{number} {noun if number == 1 else noun + 's'}{after}" if number else ""


def picture(listed: Sequence[Step]) -> SafeString:
    """Return the loop as an SVG ring; the list beside it says the same in words."""
    here = next(step for step in listed if step.here)
    parts = [
        format_html(
            '<svg class="grow-ring" viewBox="0 0 340 340" role="img" aria-label="{}">',
            f"The loop in eight steps. You are at step {here.number}: {here.name}.",
        ),
        format_html(
            '<circle class="chart-line" cx="{0}" cy="{0}" r="{1}" fill="none" stroke-width="3"/>', _CENTRE, _RADIUS
        ),
    ]  # fmt: skip
    for step in listed:
        angle = math.tau * (step.number - 1) / len(listed) - math.tau / 4
        x, y = _CENTRE + _RADIUS * math.cos(angle), _CENTRE + _RADIUS * math.sin(angle)
        state = " grow-node--here" if step.here else " grow-node--behind" if step.behind else ""
        number = " grow-number--here" if step.here else ""
        radius = _NODE + 5 if step.here else _NODE
        parts.append(
            format_html(
                '<circle class="grow-node{}" cx="{}" cy="{}" r="{}" stroke-width="2"/>'
                '<text class="grow-number{}" x="{}" y="{}" font-size="18" text-anchor="middle">{}</text>',
                state, f"{x:.1f}", f"{y:.1f}", radius, number, f"{x:.1f}", f"{y + 6:.1f}", step.number,
            )
        )  # fmt: skip
    parts.append(
        format_html(
            '<text class="chart-ink-2" x="{0}" y="{1}" font-size="15" text-anchor="middle">You are here</text>'
            '<text class="chart-ink" x="{0}" y="{2}" font-size="26" text-anchor="middle">{3}</text></svg>',
            _CENTRE, _CENTRE - 12, _CENTRE + 20, here.name,
        )
    )  # fmt: skip
    return format_html_join("", "{}", ((part,) for part in parts))
