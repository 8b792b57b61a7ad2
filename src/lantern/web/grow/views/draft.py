"""A plan worked out: the weeks it proposes with the reasons, what would be otherwise if, taking it, leaving it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.formats import date_format

from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.goals import queries as goals
from lantern.domain.needs import queries as needs
from lantern.domain.plans import commands, queries
from lantern.domain.plans.types import Draft, DraftItem, DraftState, DraftView, DraftWish
from lantern.flows import planning
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, NotFound
from lantern.ui.durations import duration
from lantern.ui.tags.addresses import address
from lantern.ui.tags.planning import PlanItem
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.grow.forms.draft import MORE, DraftForm

FEW = 12
"""So many of what was left out are listed at first; the rest with one press."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a second plan has otherwise, in words: what comes in, goes, moves, and how far each aim gets in both."""

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    moved: tuple[str, ...]
    aims: tuple[tuple[str, str, str], ...]
    minutes: tuple[int, int]


@page(EDUCATOR)
def draft(request: Any) -> HttpResponse:
    """The plan worked out for me, or how to ask for one."""
    held = queries.my_draft(request.actor)
    if request.headers.get("HX-Request") and (held is None or not _is_running(held)):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    template = "grow/draft.html#progress" if request.headers.get("HX-Request") else "grow/draft.html"
    return show(request, template, **_context(request, held), form=_form(request.actor, held))


@page(EDUCATOR, methods="POST")
def work_out(request: Any) -> HttpResponse:
    """Work a plan out: a new one, one that only finds weeks for what is there, or a second one beside the first."""
    actor, held = request.actor, queries.my_draft(request.actor)
    way = request.POST.get("way", "")
    if way == "repair":
        planning.work_out(actor, wish=DraftWish(repair=True))
        return done(request, "grow:draft")
    form = _form(actor, held, request.POST)
    if not form.is_valid():
        return again(request, "grow/draft.html", form, **_context(request, held))
    beside = way == "beside" and held is not None and held.current
    planning.work_out(actor, wish=form.wish(), beside=beside)
    return done(request, "grow:draft")


@page(EDUCATOR, methods="POST")
def take(request: Any) -> HttpResponse:
    """Put it into my weeks."""
    number = request.POST.get("number", "")
    try:
        wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 12 else 0
        taken = commands.take_draft(request.actor, number=wanted, seen=request.POST.get("seen", ""))
    except NotFound:
        return done(request, "grow:plan", message="There is no plan to take any more. Yours stands below.")
    except Conflict as problem:
        held = queries.my_draft(request.actor)
        context = _context(request, held) | {"refused": str(problem), "form": _form(request.actor, held)}
        response = show(request, "grow/draft.html", **context)
        response.status_code = 409
        return response
    said = [_counted(taken.added, "came in"), _counted(taken.moved, "found another week")]
    said += [_counted(taken.removed, "left, since you are past it")]
    if taken.gone:
        listed = ", ".join(f"“{title}”" for title in taken.gone[:3])
        said.append(f"{listed} could not come in: not offered any more")
    if taken.stayed:
        listed = ", ".join(f"“{title}”" for title in taken.stayed[:3])
        said.append(f"{listed} stayed as it is, since you began, finished or put it away meanwhile")
    return done(
        request, "grow:plan", message=f"It is your plan now. {'. '.join(filter(None, said)) or 'Nothing moved'}."
    )


@page(EDUCATOR, methods="POST")
def leave(request: Any) -> HttpResponse:
    """Leave it aside; my weeks stay as they are."""
    commands.drop_draft(request.actor)
    return done(request, "grow:plan", message="Left aside. Your plan is as it was.")


def _counted(number: int, what: str) -> str:
    if not number:
        return ""
    return f"One thing {what}" if number == 1 else f"{number} things {what}"


def _form(actor: Actor, held: DraftView | None, data: Any = None) -> DraftForm:
    view = queries.my_plan(actor)
    starts = [(0, "With the first week")] if view.weeks else []
    starts += [(number, f"In the week of {_day(week.monday)}") for number, week in enumerate(view.weeks) if number]
    asking = [goal for goal in goals.open_goals(actor) if goal.competency_id is not None]
    aims = [(str(goal.pk), f"Goal: {goal.title}") for goal in asking]
    aims += [
        (str(need.competency_id), f"Need: {need.competency.name}")
        for need in needs.my_needs(actor)
        if need.competency is not None
    ]
    wish = (held.other_wish or held.wish) if held else DraftWish()
    known = {"more": wish.more, "start": wish.start, "without": list(wish.without)}
    return DraftForm(data, initial=known, starts=starts, aims=dict(aims).items())


def _context(request: Any, held: DraftView | None) -> dict[str, Any]:
    if held is None:
        return {"held": None}
    everything = request.GET.get("all") == "1"
    words, percent = _how_far(held)
    return {
        "held": held,
        "running": _is_running(held),
        "progress_words": words,
        "percent": percent,
        "sure": _sure(held.found, held.state),
        "weeks": _weeks(held.found),
        "found": held.found,
        "new": sum(item.is_new for item in held.found.items),
        "moved": sum(item.is_moved for item in held.found.items),
        "out": held.found.out if everything else held.found.out[:FEW],
        "more_out": 0 if everything else max(0, len(held.found.out) - FEW),
        "asked": _asked(held.wish),
        "other": held.other,
        "other_asked": _asked(held.other_wish) if held.other_wish else "",
        "difference": _difference(held.found, held.other) if held.other else None,
    }


def _is_running(held: DraftView) -> bool:
    return held.current and not held.state is held.other_state is DraftState.DONE


def _how_far(held: DraftView) -> tuple[str, int]:
    if held.state is DraftState.DONE:
        return "The second one is still being made better.", 80
    if held.state is DraftState.FIRST:
        return "This is the first answer. A better one is being looked for.", 30
    return "This is better than the first answer. Now it is checked that there is none better.", 65


def _sure(found: Draft, state: DraftState) -> str:
    """Return how good it is at least, in words."""
    if found.proven:
        return "Nothing better is possible in these weeks with what fits you best in the catalog. That was checked."
    if state is DraftState.FIRST:
        return "This is a first, quick answer."
    if found.gap is None:
        return "It is the best that was found; whether there is a better one could not be checked in time."
    return f"At most {max(0.1, round(found.gap * 100, 1)):g} % better would be possible."


def _asked(wish: DraftWish | None) -> str:
    if wish is None:
        return ""
    if wish.repair:
        return "Only weeks for what is in your plan"
    said = [f"{dict(MORE).get(wish.more, f'{wish.more} minutes more')} a week"] if wish.more else []
    said += [f"beginning {wish.start} week{'s' if wish.start != 1 else ''} later"] if wish.start else []
    said += [f"without {len(wish.without)} of your goals and needs"] if wish.without else []
    return ", ".join(said)


def _weeks(found: Draft) -> list[dict[str, Any]]:
    """Return the weeks with what is in each; an item over several stands in each with its part."""
    inside: list[list[tuple[DraftItem, int, int]]] = [[] for _ in found.weeks]
    for item in found.items:
        for part, (week, minutes) in enumerate(item.pieces, start=1):
            if week < len(inside):
                inside[week].append((item, minutes, part))
    return [
        {
            "label": f"Week of {_day(found.monday(number))}",
            "available": minutes,
            "planned": sum(share for _, share, _ in inside[number]),
            "rows": [_row(item, share, part) for item, share, part in inside[number]],
        }
        for number, minutes in enumerate(found.weeks)
    ]


def _row(item: DraftItem, minutes: int, part: int) -> PlanItem:
    moved = "from another week" if item.was else "was in no week"
    standing = "held here" if item.fixed else moved if item.is_moved else "as it was"
    state = "new" if item.is_new else standing
    parts = (f"part {part} of {len(item.pieces)}",) if len(item.pieces) > 1 else ()
    href = (
        address("learn:activity", item.activity_id) if item.activity_id else address("learn:resource", item.resource_id)
    )
    return PlanItem(
        title=item.title,
        href=href,
        minutes=minutes,
        kind=KIND_WORDS.get(item.kind, item.kind),
        because="\n".join(item.why) if part == 1 else "",
        signs=(state, *parts),
    )


def _difference(before: Draft, after: Draft) -> Difference:
    old, new = ({item.id: item for item in one.items} for one in (before, after))
    shares = {(aim.title, aim.competency_id): aim.share for aim in after.aims}
    aims = [
        (aim.title, f"{round(aim.share * 100)} %", _percent(shares.get((aim.title, aim.competency_id))))
        for aim in before.aims
    ]
    there = {(aim.title, aim.competency_id) for aim in before.aims}
    aims += [
        (aim.title, "left out", f"{round(aim.share * 100)} %")
        for aim in after.aims
        if (aim.title, aim.competency_id) not in there
    ]
    return Difference(
        tuple(f"{item.title} ({duration(item.minutes)})" for key, item in new.items() if key not in old),
        tuple(f"{item.title} ({duration(item.minutes)})" for key, item in old.items() if key not in new),
        tuple(item.title for key, item in new.items() if key in old and old[key].pieces != item.pieces),
        tuple(aims),
        (before.minutes, after.minutes),
    )


def _percent(share: float | None) -> str:
    return "left out" if share is None else f"{round(share * 100)} %"


def _day(day: Any) -> str:
    return str(date_format(day, "j F"))
