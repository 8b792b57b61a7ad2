"""A plan of the engine in words for its owner: why each thing is here, why others are not, what cannot hold and what
would help.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.formats import date_format

from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.needs.types import LEVEL_WORDS
from lantern.domain.plans.types import Draft, DraftAim, DraftItem, DraftLine, ItemView
from lantern.engine.own_plan import LICENCE, TO_KEEP, Aim, OwnProblem
from lantern.engine.pathway import (
    Because,
    Change,
    Complaint,
    Here,
    Out,
    Plan,
    Remedies,
    Shortfall,
    Trouble,
    Unfit,
    WhyNot,
    complaints,
    explain,
)
from lantern.engine.recommend import Item, Learner, Shelf, assumed_level
from lantern.engine.recommend.worth import hours_words

MOST_OUT = 200
OUTSIDE = "item:"
"""How the planner's ids begin of what is not in the catalog; all others are ids of resources."""
NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Said:
    """What is needed to say things: her plan's items by the planner's ids and the weeks of those that stay, the
    pathways that steps are of, the titles of her goals, the names of needs and competencies, the catalog, and the
    minutes of each week.
    """

    standing: Mapping[str, ItemView]
    steps: Mapping[str, str]
    shares: Mapping[str, Mapping[int, int]]
    fixed: frozenset[str]
    goals: Mapping[Any, str]
    needs: Mapping[Any, str]
    names: Mapping[Any, str]
    learner: Learner
    shelf: Shelf
    first: date
    weeks: tuple[int, ...]
    have: tuple[int, ...] = ()
    without: frozenset[str] = frozenset()
    renews: str = ""
    notes: tuple[str, ...] = ()

    def entry(self, item: Any) -> Item | None:
        """Return a thing of the catalog."""
        try:
            place = self.shelf.place_of.get(UUID(str(item)))
        except ValueError:
            return None
        return None if place is None else self.shelf.items[place]

    def title(self, item: Any) -> str:
        """Return what a thing is called."""
        if item in self.standing:
            return self.standing[item].title
        entry = self.entry(item)
        return entry.title if entry else "Something that is not offered any more"

    def about(self, aim: Aim) -> str:
        """Return what an aim is for."""
        title = self.goals.get(aim.goal, "") if aim.goal is not None else ""
        return f"for your goal “{title}”" if title else "for a need of yours"

    def name(self, competency: Any) -> str:
        """Return what a competency is called."""
        return self.names.get(competency) or self.needs.get(competency) or "what you want to get better at"

    def week(self, number: int) -> str:
        """Return a week by its first day."""
        return f"the week of {date_format(self.first + timedelta(weeks=number), 'j F')}"


def in_words(own: OwnProblem, plan: Plan, said: Said, helps: Remedies | None = None) -> Draft:
    """Return a plan as its owner reads it."""
    reasons = explain(own.problem, plan)
    items = [*_staying(said), *_planned(own, plan, said, reasons.here)]
    left_out = sorted(reasons.left_out.items(), key=lambda pair: (-pair[1].more, str(pair[0])))
    out = [_left_out(item, why, said) for item, why in left_out if item not in said.standing]
    out += [DraftLine(str(item), said.title(item), _unfit(why), str(item)) for item, why in own.left.items()]
    found = [text for one in complaints(own.problem) if (text := _wrong(one, said))]
    return Draft(
        first=said.first,
        weeks=said.weeks,
        have=said.have,
        items=tuple(sorted(items, key=lambda item: (item.pieces[:1], item.title))),
        out=tuple(out[:MOST_OUT]),
        behind=tuple(_behind(item, said) for item in own.behind),
        aims=tuple(_aims(own, plan, said)),
        short=tuple(_short(one, own, said) for one in plan.shortfalls),
        help=tuple(_helps(helps, own, said)) if helps else (),
        notes=(*said.notes, *found),
        worth=plan.worth.total,
        gap=plan.proof.gap if plan.proof and math.isfinite(plan.proof.gap) else None,
        proven=bool(plan.proof and plan.proof.proven),
    )


def _staying(said: Said) -> Iterator[DraftItem]:
    for key in sorted(said.fixed):
        item = said.standing[key]
        pieces = tuple(sorted(said.shares[key].items()))
        why = "You hold it here" if item.pinned else "You have begun it" if item.started else "It has its own day"
        yield _draft_item(key, item.minutes, pieces, (why,), said, fixed=True)


def _planned(own: OwnProblem, plan: Plan, said: Said, here: Mapping[Any, Sequence[Because]]) -> Iterator[DraftItem]:
    minutes = {one.id: one.minutes for one in own.problem.candidates}
    gains = {one.id: one.gains for one in own.problem.candidates}
    for placed in plan.placements:
        pieces = tuple((piece.week, piece.minutes) for piece in placed.pieces)
        why = tuple(dict.fromkeys(text for one in here[placed.item] if (text := _because(one, own, said))))
        if placed.date is not None:
            why = (*why, "It is attended in one go. Choose its day, then move it to that week")
        aims = [own.aims[str(node)] for node in gains[placed.item] if node in own.aims]
        goal = next((str(aim.goal) for aim in aims if aim.goal is not None), "")
        yield _draft_item(str(placed.item), minutes[placed.item], pieces, why, said, goal=goal)


def _draft_item(
    key: str,
    minutes: int,
    pieces: tuple[tuple[int, int], ...],
    why: tuple[str, ...],
    said: Said,
    *,
    goal: str = "",
    fixed: bool = False,
) -> DraftItem:
    stands, entry = said.standing.get(key), said.entry(key)
    return DraftItem(
        id=key,
        title=said.title(key),
        kind=stands.kind if stands else entry.kind if entry else "",
        minutes=minutes,
        pieces=pieces,
        why=why or ("It fits what you told about yourself",),
        resource_id="" if key.startswith(OUTSIDE) else key,
        item_id=str(stands.id) if stands else "",
        activity_id=str(stands.activity_id) if stands else "",
        goal_id=goal or (str(stands.goal_id) if stands and stands.goal_id else ""),
        was=tuple(sorted(said.shares.get(key, {}).items())),
        fixed=fixed,
        begun=bool(stands and stands.started),
    )


def _because(one: Because, own: OwnProblem, said: Said) -> str:
    if one.kind is Here.GOAL:
        aim = own.aims[str(one.about)]
        return f"It leads to “{LEVEL_WORDS[aim.level]}” in {said.name(aim.competency)}, {said.about(aim)}"
    if one.kind is Here.CREDIT:
        return f"It counts {hours_words(round(one.amount * 100))} towards your licence"
    if one.kind is Here.PREREQUISITE:
        return f"“{said.title(one.about)}” builds on it"
    if one.kind is Here.MANDATE:
        return "It stands in your plan already"
    if one.kind is Here.SUGGESTED and one.about in said.steps:
        return f"It is a step of “{said.steps[str(one.about)]}”"
    if one.kind is Here.BADGE:
        return f"It is one of those to choose from in “{str(one.about).rpartition('/')[0]}”"
    if one.kind is Here.SUGGESTED and not own.aims:
        return "It is among what fits you best"
    if one.kind is Here.FORMAT and one.about in said.learner.liked_kinds:
        return f"{KIND_WORDS.get(str(one.about), str(one.about))}: a format you like"
    return ""


def _left_out(item: Any, why: WhyNot, said: Said) -> DraftLine:
    return DraftLine(str(item), said.title(item), _why_not(why, said), str(item))


_WHY_NOT: dict[Out, str] = {
    Out.RETIRED: "It is not offered any more",
    Out.DONE: "You have done it",
    Out.NO_MINUTES: "Nobody says how long it takes",
    Out.DATE_PASSED: "Its date, or the day your goal is due, has passed",
    Out.AFTER_THE_PLAN: "It comes after the weeks of this plan",
    Out.BLOCKED: "It is attended in one go, and no week has that many minutes",
    Out.PRACTICE_GAP: "There is no time left to try out what comes before it",
    Out.CYCLE: "It and what it builds on wait for each other",
    Out.NOTHING_TO_GAIN: "It adds nothing to what is in the plan",
    Out.TOO_MANY: "There are enough things in the plan",
    Out.TOO_DEAR: "It costs more than is left",
    Out.NOT_TRIED: "It could go in as well; what is in the plan came first",
}


def _why_not(why: WhyNot, said: Said) -> str:
    if why.why in (Out.EQUIVALENT_DONE, Out.EQUIVALENT_CHOSEN):
        state = "done" if why.why is Out.EQUIVALENT_DONE else "in the plan"
        return f"The same is {state} already: {_listed(why.about, said)}"
    if why.why is Out.PREREQUISITE_MISSING:
        return f"It builds on what is not in the plan: {_missing(why.about, said)}"
    if why.why is Out.NO_TIME and not why.minutes:
        return "It takes more time than these weeks have for it"
    if why.why is Out.NO_TIME:
        return f"It takes {_minutes(why.minutes)}, and {_minutes(max(0, why.free))} are free in these weeks"
    if why.why is Out.WORTH_LESS:
        return f"It would need the place of {_listed(why.instead, said)}, which brings you further"
    return _WHY_NOT[why.why]


def _listed(items: Iterable[Any], said: Said) -> str:
    names = [f"“{said.title(item)}”" for item in items]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _missing(about: Iterable[Any], said: Said) -> str:
    """Return what is missing: things by their titles, levels ("competency/level") in words."""
    names = []
    for one in about:
        competency, slash, level = str(one).partition("/")
        if slash and level.isdigit():
            known = next((key for key in said.names if str(key) == competency), None)
            names.append(f"“{LEVEL_WORDS[int(level)]}” in {said.name(known)}")
        else:
            names.append(f"“{said.title(one)}”")
    return ", ".join(names[:3])


def _minutes(minutes: int) -> str:
    return f"{minutes} minutes" if minutes != 1 else "1 minute"


_UNFIT: dict[Unfit, str] = {
    Unfit.ROLE: "It is for another kind of work",
    Unfit.GRADE: "It is for other grades",
    Unfit.FORMAT: "It has a format you do not take",
    Unfit.TOO_HARD: "It begins above your level",
    Unfit.TOO_EASY: "It ends below your level",
    Unfit.NO_GAP: "It serves none of your goals",
    Unfit.BEHIND_OTHERS: "Others serve the same and take less time",
}


def _unfit(why: Unfit) -> str:
    return _UNFIT[why]


def _behind(item: Any, said: Said) -> DraftLine:
    stands = said.standing[str(item)]
    return DraftLine(
        str(item), stands.title, "You have shown the level it leads to", str(stands.resource_id), str(stands.id)
    )


def _aims(own: OwnProblem, plan: Plan, said: Said) -> Iterator[DraftAim]:
    """Return each goal, and each need that no goal goes as far as, with how far towards it the plan goes: over all the
    levels from hers to the one it aims at, whichever goal asked for them first.
    """
    asked: list[tuple[Any, str, Any, int | None]] = [
        (goal.id, goal.title, goal.competency, goal.target_level)
        for goal in said.learner.goals
        if str(goal.id) not in said.without
    ]
    covered: dict[Any, int] = {}
    for _, _, competency, wanted in asked:
        covered[competency] = max(covered.get(competency, 0), wanted or 0)
    asked += [
        (None, said.name(need.competency), need.competency, need.wanted_level)
        for need in said.learner.needs
        if str(need.competency) not in said.without
        and (need.competency not in covered or (need.wanted_level or 0) > covered[need.competency])
    ]
    for goal_id, title, competency, wanted in asked:
        have = assumed_level(said.learner, competency)
        top = min(have + 1 if wanted is None else wanted, 4)
        nodes = [f"{competency}/{level}" for level in range(have + 1, top + 1)]
        if not nodes or not any(node in own.aims for node in nodes):
            continue
        share = sum(_gained(own, plan, node) for node in nodes) / len(nodes)
        way = f"From “{LEVEL_WORDS[have]}” to “{LEVEL_WORDS[top]}” in {said.name(competency)}"
        key = "" if goal_id is None else str(goal_id)
        yield DraftAim(title, f"{way}: {_share(share)}", round(share, 4), key, str(competency))


def _gained(own: OwnProblem, plan: Plan, node: str) -> float:
    return min(1.0, plan.worth.goals.get(node, 0.0) + own.problem.levels.get(node, 0.0))


def _share(share: float) -> str:
    if share >= 1 - NOTHING:
        return "all the way"
    return f"about {round(share * 100)} % of the way" if share > NOTHING else "nothing in reach yet"


def _short(one: Shortfall, own: OwnProblem, said: Said) -> str:
    if one.about == LICENCE:
        rule = next(rule for rule in own.problem.credit_rules if rule.id == LICENCE)
        missing, all_ = hours_words(round(one.missing * 100)), hours_words(round(rule.amount * 100))
        return f"Your licence{said.renews} leaves {missing} of {all_} missing in these weeks"
    item = str(one.about).removeprefix(TO_KEEP)
    return f"“{said.title(item)}” stands in your plan and finds no room in these weeks"


def _helps(helps: Remedies, own: OwnProblem, said: Said) -> Iterator[tuple[str, ...]]:
    """Return each set of changes in words; a licence cannot be left out, so no such set is offered."""
    for changes in helps.helps:
        if not any(change.kind == "drop" and change.about == LICENCE for change in changes):
            yield tuple(_change(change, said) for change in changes)
    if any(str(one.id).startswith(TO_KEEP) for one in helps.clash):
        yield ("Let your plan look further ahead, which may be enough",)


def _change(change: Change, said: Said) -> str:
    if change.kind == "minutes":
        return f"Give each week {_minutes(change.amount)} more"
    if change.kind == "open":
        return f"Open {said.week(int(change.about))}, which you keep quiet, with {_minutes(change.amount)}"
    return f"Take “{said.title(str(change.about).removeprefix(TO_KEEP))}” out of your plan"


def _wrong(one: Complaint, said: Said) -> str:
    """Return in words what is wrong with what was asked; what the page says elsewhere is left out here."""
    if one.trouble in (Trouble.NO_WEEKS, Trouble.NO_TIME_AT_ALL):
        return "None of these weeks has a minute. Give one of them some time, and ask again."
    if one.trouble is Trouble.CYCLE:
        return f"“{said.title(one.about)}” and what it builds on wait for each other, so neither can be planned."
    if one.trouble is Trouble.TOO_FEW_CREDITS:
        return "What the catalog offers within these weeks does not count enough for your licence."
    return ""
