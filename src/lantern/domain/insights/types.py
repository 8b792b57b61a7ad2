"""The metrics, the levels of the tree, why a group is not shown; and what the feature takes in and hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from lantern.domain.privacy.types import LEAST_PEOPLE

NOBODY = UUID(int=0)
"""The subject of a metric that has none."""
MOST_LEAST = 100
"""The largest smallest group a tenant may ask for; above it a state could be silenced by one district."""


class Metric(StrEnum):
    """What is released: at most one bit or one bounded score for each person and term."""

    NEED_AREA = "need_area"
    GOAL_HOURS = "goal_hours"
    INITIATIVE_GOALS = "initiative_goals"
    TIMELY_NEEDS = "timely_needs"


METRIC_WORDS: dict[str, tuple[str, str]] = {
    Metric.NEED_AREA: (
        "Explored a need: {label}",
        "How many of the people whose framework this is added a need or rated themselves in this area at least once "
        "in the term. Which need, which level and how often is not known here.",
    ),
    Metric.GOAL_HOURS: (
        "Hours that answer a goal of one's own",
        "For each person, the share of the learning time finished in the term that their plan ties to a goal of their "
        "own; then the mean over the group. Somebody who finished nothing counts as none.",
    ),
    Metric.TIMELY_NEEDS: (
        "Needs answered within 14 days",
        "For each person, the share of the needs they stated in the term (but for its last two weeks) for which they "
        "took up, began or finished something about it within 14 days; then the mean over the group. Somebody who "
        "stated none counts as none, so compare a term with the one before and not with a hundred.",
    ),
    Metric.INITIATIVE_GOALS: (
        "Linked a goal to the aim: {label}",
        "How many people linked a goal of their own to this aim in the term. Linking is up to each of them.",
    ),
}
"""Metric -> its name (with the label of its subject) and what it means."""


class Way(StrEnum):
    """How the same people are cut into groups: by place (the tree), or by years of service (the second cut)."""

    PLACE = "place"
    SERVICE = "service"


class Level(StrEnum):
    """What a group is."""

    STATE = "state"
    REGION = "region"
    DISTRICT = "district"
    SCHOOL = "school"
    GRADES = "grades"
    SERVICE = "service"


class Why(StrEnum):
    """Why a group is not shown; SHOWN where it is."""

    SHOWN = ""
    TOO_FEW = "too_few"
    PROTECTS_ANOTHER = "protects_another"
    CUT_LEAKS = "cut_leaks"
    CUT_NOT_CHECKED = "cut_not_checked"


WHY_WORDS: dict[str, str] = {
    Why.TOO_FEW: "Too few people.",
    Why.PROTECTS_ANOTHER: "Hidden so that a smaller group cannot be worked out by subtraction.",
    Why.CUT_LEAKS: "Left out: together with the schools' figures it would let a small group be worked out.",
    Why.CUT_NOT_CHECKED: "Left out: Lantern could not prove in time that no small group can be worked out.",
}

GRADE_BANDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "early": ("Grades PK to 2", ("PK", "K", "1", "2")),
    "upper": ("Grades 3 to 5", ("3", "4", "5")),
    "middle": ("Grades 6 to 8", ("6", "7", "8")),
    "high": ("Grades 9 to 12", ("9", "10", "11", "12")),
    "several": ("Several bands, or no grade", ()),
}
"""Key -> name and grades; somebody with grades in more than one, or none, is in the last."""

SERVICE_BANDS: dict[str, tuple[str, int]] = {
    "new": ("Up to 3 years", 3),
    "settled": ("4 to 10 years", 10),
    "long": ("11 to 20 years", 20),
    "longest": ("More than 20 years", 1000),
    "unknown": ("Years not known", -1),
}
"""Key -> name and the last year in it."""


def grade_band(grades: tuple[str, ...]) -> str:
    """Return the band of somebody who teaches these grades."""
    for key, (_, inside) in GRADE_BANDS.items():
        if grades and set(grades) <= set(inside):
            return key
    return "several"


def service_band(years: int | None) -> str:
    """Return the band of somebody with so many years of service."""
    if years is None:
        return "unknown"
    return next(key for key, (_, last) in SERVICE_BANDS.items() if years <= last)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """Where one person counted: her one leaf, and the official facts that decide for which metrics."""

    person_id: UUID
    organisation_id: UUID
    grade_band: str
    service_band: str
    framework_id: UUID | None


@dataclass(frozen=True, slots=True)
class LineData:
    """One group's line of one metric, as the rule decided it."""

    metric: str
    subject_id: UUID
    label: str
    about: str
    framework_id: UUID | None
    way: str
    level: str
    node: str
    name: str
    organisation_id: UUID
    position: int
    why: str
    low: int | None = None
    high: int | None = None
    size_from: int | None = None
    size_to: int | None = None
    above: bool = False


@dataclass(frozen=True, slots=True)
class MetricChoice:
    """A metric that one may choose: "need_area:<id>", and its name."""

    key: str
    name: str
    group: str


@dataclass(frozen=True, slots=True)
class Row:
    """One group of a report: a band and a size in words, or why not. `depth` is 0 for the first level shown."""

    name: str
    level: str
    depth: int
    low: int | None
    high: int | None
    share: str
    size: str
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """One metric of one term as one may see it; `cut` is the second cut, or `cut_dropped` says why there is none."""

    name: str
    meaning: str
    about: str
    rows: tuple[Row, ...]
    cut: tuple[Row, ...]
    cut_dropped: str
    has_cut: bool


@dataclass(frozen=True, slots=True)
class TermView:
    """A released term."""

    key: str
    words: str
    begins_on: date
    last_day: date
    released_at: datetime


@dataclass(frozen=True, slots=True)
class MyRelease:
    """A released figure in which one was counted: term and metric, never the value."""

    term: str
    metric: str
    released_at: datetime


__all__ = [
    "GRADE_BANDS",
    "LEAST_PEOPLE",
    "METRIC_WORDS",
    "MOST_LEAST",
    "NOBODY",
    "SERVICE_BANDS",
    "WHY_WORDS",
    "Level",
    "LineData",
    "Metric",
    "MetricChoice",
    "MyRelease",
    "Report",
    "RosterRow",
    "Row",
    "TermView",
    "Way",
    "Why",
    "grade_band",
    "service_band",
]
