"""What can be shared, with whom, and what the other person then sees: one list of kinds for every page that shares.

A preview and the reading are the same act: `opened` shows to the owner exactly what it shows to the person she names,
and writes a look down for everybody but her.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.coaching import queries as coaching
from lantern.domain.evidence import commands as evidence
from lantern.domain.evidence import queries as evidence_queries
from lantern.domain.evidence.types import OUTCOME_WORDS
from lantern.domain.goals import commands as goals
from lantern.domain.goals import queries as goal_queries
from lantern.domain.goals.types import GOAL_STATE_WORDS
from lantern.domain.needs import commands as needs
from lantern.domain.needs import queries as need_queries
from lantern.domain.needs.types import LEVEL_WORDS, sources_in_words
from lantern.domain.needs.types import STATE_WORDS as NEED_STATE_WORDS
from lantern.domain.notices import commands as notices
from lantern.domain.people import queries as people
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy import policy
from lantern.domain.privacy.types import SHARE_DAYS, SharedWithMe
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be read: a title, facts by name, and a table where there is one. Empty facts are left out."""

    title: str
    facts: tuple[tuple[str, str], ...]
    caption: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    evidence: Any = None
    film: Any = None
    """A picture or video, and what is known of its film: the page plays it."""


@dataclass(frozen=True, slots=True)
class Sharable:
    """One kind of thing: its words, mine by id and title, and how one is opened."""

    kind: str
    one: str
    every: str
    icon: str
    mine: Callable[[Actor], dict[UUID, str]]
    opened: Callable[[Actor, UUID, str], Shown]


def _plain(*facts: tuple[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in facts if value not in (None, ""))


def _level(level: int | None) -> str:
    return "" if level is None else LEVEL_WORDS[level]


def _goal(actor: Actor, goal_id: UUID, purpose: str) -> Shown:
    goal = goals.open_shared_goal(actor, goal_id=goal_id, purpose=purpose)
    return Shown(
        goal.title,
        _plain(
            ("Why it matters", goal.why),
            ("About", goal.competency.name if goal.competency else ""),
            ("The level it leads to", _level(goal.target_level)),
            ("The measure", goal.measure),
            ("Where it began", goal.baseline),
            ("Where it leads", goal.target),
            ("By when", f"{goal.due_on:%-d %B %Y}"),
            ("State", GOAL_STATE_WORDS[goal.state]),
        ),
        "The measure over time",
        ("Day", "What it showed", "Note"),
        tuple((f"{each.on:%-d %B %Y}", each.value, each.note) for each in goal.checks.order_by("on", "at")),
    )


def _plan(actor: Actor, plan_id: UUID, purpose: str) -> Shown:
    plan = plans.open_shared_plan(actor, plan_id=plan_id, purpose=purpose)
    rows = [
        (
            f"{week.monday:%-d %B}",
            "Quiet" if week.quiet else f"{week.planned} of {week.available}",
            "; ".join(item.title + (", done" if item.done else "") for item in week.items) or "Nothing planned",
        )
        for week in plan.weeks
    ]
    rows += [("No week yet", "", "; ".join(item.title for item in plan.unplaced))] if plan.unplaced else []
    return Shown("The plan", (), "Week by week", ("Week of", "Minutes", "Planned"), tuple(rows))


def _reflection(actor: Actor, reflection_id: UUID, purpose: str) -> Shown:
    row = evidence.open_shared_reflection(actor, reflection_id=reflection_id, purpose=purpose)
    return Shown(
        row.activity.title,
        _plain(
            ("What kind of learning", KIND_WORDS.get(row.activity.kind, row.activity.kind)),
            ("What I take away", row.takeaway),
            ("Tried with", row.try_class),
            ("Tried on", f"{row.try_on:%-d %B %Y}" if row.try_on else ""),
            ("How it went", OUTCOME_WORDS.get(row.outcome, "")),
            ("What happened", row.what_happened),
        ),
    )


def _need(actor: Actor, need_id: UUID, purpose: str) -> Shown:
    row = needs.open_shared_need(actor, need_id=need_id, purpose=purpose)
    return Shown(
        row.competency.name if row.competency else "In my own words",
        _plain(
            ("In my words", row.words),
            ("The level I want", _level(row.wanted_level)),
            ("Where it came from", sources_in_words(row.source, row.also_from)),
            ("State", NEED_STATE_WORDS[row.state]),
        ),
    )


def _evidence(actor: Actor, evidence_id: UUID, purpose: str) -> Shown:
    row = evidence.open_shared_evidence(actor, evidence_id=evidence_id, purpose=purpose)
    return Shown(row.note or row.file.name, (), evidence=row, film=evidence_queries.film_of(row))


def _my_plan(actor: Actor) -> dict[UUID, str]:
    plan_id = plan_queries.my_plan_id(actor)
    return {} if plan_id is None else {plan_id: "Your plan"}


SHARABLE: dict[str, Sharable] = {
    each.kind: each
    for each in (
        Sharable("goal", "A goal", "Every goal, also those I set later", "flag", goal_queries.my_titles, _goal),
        Sharable("plan", "The plan", "", "calendar", _my_plan, _plan),
        Sharable(
            "reflection",
            "A reflection",
            "Every reflection, also those I write later",
            "notebook-pen",
            evidence_queries.my_reflection_titles,
            _reflection,
        ),
        Sharable("evidence", "A picture or video", "", "video", evidence_queries.shareable_evidence, _evidence),
        Sharable(
            "need", "A need", "Every need, also those I note later", "lightbulb", need_queries.my_need_titles, _need
        ),
    )
}
"""Everything that can be opened to a named person, by kind."""


def sharable(kind: str) -> Sharable:
    """Return a kind. Raises NotFound for another word."""
    found = SHARABLE.get(kind)
    if found is None:
        raise NotFound("There is nothing here.")
    return found


def my_titles(actor: Actor) -> dict[tuple[str, UUID], str]:
    """Return the title of everything of mine that can be shared, by kind and id; for pages that only I see."""
    return {(each.kind, item_id): title for each in SHARABLE.values() for item_id, title in each.mine(actor).items()}


def share_with(
    actor: Actor,
    *,
    grantee_id: UUID,
    kind: str,
    item_id: UUID | None,
    purpose: str,
    days: int = SHARE_DAYS,
    confirmed: bool = False,
) -> UUID:
    """Open one thing of mine, or with no `item_id` every one of its kind, to a named person and tell her so; return
    the id of the share.

    Raises NotFound for what is not mine, Invalid with what is to be put right, for instance that somebody who leads
    where I work is to be confirmed.
    """
    thing = sharable(kind)
    if item_id is None and not thing.every:
        raise Invalid({"item": "Choose what to share."})
    if item_id is not None and item_id not in thing.mine(actor):
        raise NotFound("There is nothing here.")
    row = privacy.share(
        actor,
        grantee_id=grantee_id,
        item_kind=kind,
        item_id=item_id,
        purpose=purpose,
        leads_me=coaching.leads_me(actor, grantee_id),
        confirmed=confirmed,
        days=days,
    )
    notices.notify(actor, person_id=grantee_id, kind="item_shared", item_id=row.pk, from_name=actor.name)
    return UUID(str(row.pk))


def opened(actor: Actor, kind: str, item_id: UUID, purpose: str) -> Shown:
    """Return what there is to read: for its owner as a preview, for whom she named with a look written down.

    Raises NotFound for anybody else.
    """
    return sharable(kind).opened(actor, item_id, purpose)


def items_under(actor: Actor, share: SharedWithMe) -> list[UUID]:
    """Return the ids of what a share opens to me at this moment: its item, or all of its kind that its owner has."""
    policy.acting_person(actor)
    if share.item_id is not None:
        return [share.item_id]
    owner = people.actor_for(share.owner_id, actor.tenancy.own)
    return list(sharable(share.item_kind).mine(owner))
