"""Suggestions as they are shown: the stored ones, or made on the spot for who has none yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import Status
from lantern.domain.needs.types import LEVEL_WORDS
from lantern.domain.recommendations import policy
from lantern.domain.recommendations.models import Dismissal, Suggestion
from lantern.domain.recommendations.queries import in_words
from lantern.domain.recommendations.queries.facts import dismissed_facts, learner_of, shelf_for
from lantern.domain.recommendations.types import GoalSteps, PartView, SuggestionView, Taken, WhyNot
from lantern.engine.recommend import (
    FACTORS,
    Learner,
    Ranked,
    Shelf,
    Weights,
    assumed_level,
    first_step,
    lessons,
    rank,
    shortlist,
    why_not,
)
from lantern.kernel.actor import Actor
from lantern.kernel.prepared import prepared

PUBLISHED = Status.PUBLISHED.value
SHOWN = ("title", "summary", "kind", "minutes", "level", "status")
KEPT = 60
MOTIVATION = "motivation"
SHORT = 6
POOL_WITHIN = 30


def rank_now(actor: Actor, limit: int = KEPT) -> tuple[Ranked, ...]:
    """Return a fresh ranking for the actor, best first, without storing it."""
    return rank(learner_of(actor), shelf_for(actor), limit=limit)


def current_for(actor: Actor, limit: int | None = None, everything: bool = False) -> list[SuggestionView]:
    """Return the actor's suggestions: the stored short list, or with `everything` the whole rank, made on the spot.

    With `limit` only so many: the best one first, then what differs from it in kind, so that few are different too.
    """
    if everything:
        shown = _from_ranked(actor, rank_now(actor))
    elif stored := [row for row in _stored.list(actor) if row.resource.status == PUBLISHED]:
        shown = [_from_row(row) for row in stored]
    else:
        shown = _from_ranked(actor, shortlist(rank_now(actor), SHORT))
    return shown if limit is None else _varied(shown, limit)


@prepared
def _stored(actor: Actor) -> QuerySet[Suggestion]:
    rows = Suggestion.objects.filter(policy.visible(actor)).select_related("resource")
    return rows.only("score", "parts", *(f"resource__{name}" for name in SHOWN)).order_by("rank")


def _varied(shown: list[SuggestionView], limit: int) -> list[SuggestionView]:
    firsts: list[SuggestionView] = []
    again: list[SuggestionView] = []
    kinds: set[str] = set()
    for view in shown:
        (again if view.kind in kinds else firsts).append(view)
        kinds.add(view.kind)
    return sorted((firsts + again)[:limit], key=shown.index)


def for_goal(actor: Actor, goal_id: UUID, limit: int = 3) -> list[SuggestionView]:
    """Return a few different suggestions that serve one of the actor's goals; none when it names no competency."""
    return list(steps_for_goal(actor, goal_id, limit).all)


def steps_for_goal(actor: Actor, goal_id: UUID, limit: int = 3) -> GoalSteps:
    """Return the first step towards one of the actor's goals with why it is hers, and others that serve it; at most
    `limit` in all, none when it names no competency. Where all that leads there is planned, done or left out, return
    that instead.
    """
    learner, shelf = learner_of(actor), shelf_for(actor)
    wanted = tuple(goal for goal in learner.goals if goal.id == goal_id)
    if not wanted:
        return GoalSteps()
    towards = replace(learner, goals=wanted, needs=())
    serving = _serving(towards, shelf)
    step = first_step(learner, wanted[0], serving, LEVEL_WORDS)
    if step is None:
        return _taken_up(actor, towards, shelf)
    others = [entry for entry in shortlist(serving, limit) if entry is not step.entry][: limit - 1]
    first, *rest = _from_ranked(actor, [step.entry, *others])
    return GoalSteps(first, step.words, tuple(rest))


def _serving(learner: Learner, shelf: Shelf) -> list[Ranked]:
    """Return what may be suggested to a learner and serves her goals, best first. It is asked for here, so it does not
    matter how much goals count elsewhere, or how many other things fit her better.
    """
    sliders = {factor: much for factor, much in learner.sliders.items() if factor != "goal"}
    asking = replace(learner, factors_off=learner.factors_off - {"goal"}, sliders=sliders)
    found = [entry for entry in rank(asking, shelf) if _serves(entry)]
    if found:
        return found
    wanted = {goal.competency for goal in learner.goals}
    alone = Shelf.of([item for item in shelf.items if any(key in wanted for key, _ in item.competencies)])
    return [entry for entry in rank(asking, alone) if _serves(entry)]


def _serves(entry: Ranked) -> bool:
    return any(part.factor == "goal" and part.points > 0 for part in entry.parts)


def _taken_up(actor: Actor, learner: Learner, shelf: Shelf) -> GoalSteps:
    """Return what is about her goal although there is nothing to suggest: in hand, done, not for her, not yet for her;
    and how many more lead no further than where she is.
    """
    competency = learner.goals[0].competency
    current = assumed_level(learner, competency)
    about = {
        item.id: level or item.level or 0
        for item in shelf.items
        for key, level in item.competencies
        if key == competency and item.language in learner.languages
    }
    left = set(about)
    told: list[Taken] = []
    for words, ids in (
        ("What leads there is in your plan or under way already:", learner.under_way),
        ("You have done this already:", learner.finished | set(learner.valued)),
        ("You said that this was not for you:", {entry.item for entry in learner.dismissed}),
        ("This builds on something you have not done yet:", {key for key in left if about[key] > current}),
    ):
        these = catalog.list_resources_by_ids(actor, sorted(left & ids)) if left & ids else []
        if these:
            told.append(Taken(words, tuple(_view(row, 0.0, ()) for row in these)))
        left -= ids
    return GoalSteps(taken=tuple(told), behind=len(left), level_words=LEVEL_WORDS[current])


def within(actor: Actor, minutes: int, limit: int) -> list[SuggestionView]:
    """Return the best suggestions that take at most so many minutes; never one that is longer or of unknown length."""
    ranked = rank(learner_of(actor), shelf_for(actor), limit=POOL_WITHIN, most_minutes=minutes)
    return _from_ranked(actor, shortlist(ranked, limit))


def varied_for_start(actor: Actor, limit: int) -> list[SuggestionView]:
    """Return a few resources as different as can be, for "which of these have you done and valued?"."""
    return _from_ranked(actor, shortlist(rank_now(actor), limit, mix=0.6, formats=limit))


def dismissed_by(actor: Actor) -> list[Dismissal]:
    """Return what the actor said was not for her, newest first, with its resource."""
    return list(Dismissal.objects.filter(policy.visible(actor)).select_related("resource").order_by("-at"))


def why_not_shown(actor: Actor, resource_ids: Iterable[UUID]) -> list[WhyNot]:
    """Return for each resource why it is not on the actor's short list: what rules it out, or its place and its
    points.
    """
    wanted = list(resource_ids)
    learner, shelf = learner_of(actor), shelf_for(actor)
    titles = {row.pk: row.title for row in catalog.list_resources_by_ids(actor, wanted)}
    return [_why_not(learner, shelf, key, titles[key]) for key in wanted if key in titles]


def _why_not(learner: Learner, shelf: Shelf, resource_id: UUID, title: str) -> WhyNot:
    answer = why_not(learner, shelf, resource_id, SHORT)
    if answer is None:
        return WhyNot(title, resource_id, "It is not offered to your district at the moment.")
    place = answer.place
    words = (
        BARRED[answer.barred]
        if place == 0
        else "It is one of those that fit best."
        if place <= SHORT
        else "It is among what fits you, but others fit better."
        if place <= KEPT
        else "It may be suggested, but many others fit better."
    )
    return WhyNot(
        title,
        resource_id,
        words,
        place,
        len(shelf.items),
        answer.entry.score,
        _parts(answer.entry),
        loses=tuple(in_words.loss(one) for one in answer.differences if one.points < 0)[:3],
        changes=tuple(in_words.change(one, learner, shelf) for one in answer.changes[:4]),
    )


BARRED = {
    "finished": "You have done it.",
    "valued": "You said that you did it and valued it. You can take that back under your account.",
    "under_way": "It is already in your plan or under way.",
    "dismissed": "You said it was not for you. You can take that back below.",
    "language": "It is in a language that suggestions leave out. You will still find it in the catalog.",
    "prerequisites": "It builds on something you have not done yet.",
}
"""What keeps an item out altogether, in words."""


def my_lessons(actor: Actor, dismissed: Iterable[Dismissal]) -> dict[UUID, str]:
    """Return for each of the actor's dismissals (`dismissed_by`) what it teaches the match now, in words."""
    told = lessons(dismissed_facts(dismissed), shelf_for(actor), Weights().feedback)
    return {one.item: in_words.lesson(one) for one in told}


def export_for(actor: Actor) -> dict[str, Any]:
    """Return everything kept about the actor's suggestions, for her export."""
    rows = Suggestion.objects.filter(policy.visible(actor)).order_by("rank")
    return {
        "suggestions": [
            {"resource": str(row.resource_id), "rank": row.rank, "score": row.score, "parts": row.parts} for row in rows
        ],
        "not_for_me": [
            {"resource": str(row.resource_id), "why": row.why, "at": row.at.isoformat()} for row in dismissed_by(actor)
        ],
    }


def _from_row(row: Suggestion) -> SuggestionView:
    parts = tuple(
        PartView(part["factor"], FACTORS[part["factor"]], part["points"], part["words"]) for part in row.parts
    )
    return _view(row.resource, row.score, parts)


def _from_ranked(actor: Actor, ranked: tuple[Ranked, ...] | list[Ranked]) -> list[SuggestionView]:
    rows = {row.pk: row for row in catalog.list_resources_by_ids(actor, [entry.item.id for entry in ranked])}
    return [
        _view(
            rows[entry.item.id],
            entry.score,
            _parts(entry),
        )
        for entry in ranked
        if entry.item.id in rows
    ]


def _parts(entry: Ranked) -> tuple[PartView, ...]:
    return tuple(PartView(part.factor, FACTORS[part.factor], part.points, part.words) for part in entry.parts)


def _because(parts: tuple[PartView, ...]) -> str:
    """Return the reason on a card: what helped it most, and beside it what draws her, wherever that helped."""
    helped = [part for part in parts if part.points > 0]
    said = [part.words for part in helped[:1]] + [part.words for part in helped[1:] if part.factor == MOTIVATION]
    return ". ".join(said)


def _view(resource: Any, score: float, parts: tuple[PartView, ...]) -> SuggestionView:
    return SuggestionView(
        resource_id=resource.pk,
        title=resource.title,
        summary=resource.summary,
        kind=resource.kind,
        minutes=resource.minutes,
        level=resource.level,
        because=_because(parts),
        score=score,
        parts=parts,
    )
