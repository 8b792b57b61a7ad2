"""The pathways somebody is in, as the planner takes them: what is left of each, in order, with the practice between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from lantern.domain.pathways import queries as pathways
from lantern.domain.pathways.types import StartedPathway
from lantern.engine.own_plan import Path, PathStep
from lantern.engine.pathway import Gap, outline
from lantern.engine.pathway.placing import ToPlace, to_place
from lantern.engine.pathway.standing import Known, Now, SetNow, State, StepNow, Why, flattened, now
from lantern.engine.pathway.structure import Rule
from lantern.flows.pathway_standing import facts_of_her
from lantern.kernel import clock
from lantern.kernel.actor import Actor


def paths_to_plan(actor: Actor) -> tuple[Path, ...]:
    """Return what is left of the actor's pathways; as many queries for many as for one.

    What comes behind a choice she has not made is left out; of the choice itself the planner may take what fits.
    """
    started = pathways.started(actor)
    if not started:
        return ()
    known = pathways.known(actor, [one for path in started for one in outline.resources(path.outline)])
    her = facts_of_her(actor, with_levels=any(outline.competencies(path.outline) for path in started))
    found = []
    for path in started:
        hers = replace(her, started=path.started_on, chosen=path.choices.chosen, swaps=path.choices.swaps)
        here = now(path.outline, known, hers, clock.today())
        found.append(_path(path, here, to_place(here, known), known))
    return tuple(found)


def _path(path: StartedPathway, here: Now, wanted: ToPlace, known: Mapping[str, Known]) -> Path:
    all_steps = {one.entry.key: one for one in flattened(here.top)}
    left = {key: all_steps[key] for key in (*(one.key for one in wanted.steps), *_waiting(wanted, all_steps))}
    choices = [one for one in wanted.undecided if _is_plain(one)]
    free = {one.entry.key: one for choice in choices for one in _steps(choice) if one.state is State.OPEN}
    steps = [_step(one, wanted, left, known, wanted=True) for one in left.values()]
    steps += [_step(one, wanted, left, known, wanted=False) for key, one in free.items() if key not in left]
    return Path(
        title=path.title,
        steps=tuple(steps),
        gaps=tuple(_gaps(left, all_steps)),
        choices=tuple(
            (frozenset(one.route for one in _steps(choice) if one.entry.key in free), choice.to_choose)
            for choice in choices
        ),
        equivalent=tuple(
            frozenset(one.entry.routes) for one in (*left.values(), *free.values()) if len(one.entry.routes) > 1
        ),
    )


def _waiting(wanted: ToPlace, steps: Mapping[str, StepNow]) -> list[str]:
    """Return the steps that only wait for a level of hers, or for such steps: what leads there may be planned."""
    levels = {key for key in wanted.held if any(lock.why is Why.LEVEL for lock in steps[key].locks)}
    while more := [
        key
        for key, waits in wanted.behind.items()
        if key in wanted.held and key not in levels and waits & levels and not waits & (wanted.held.keys() - levels)
    ]:
        levels |= set(more)
    return [key for key in wanted.held if key in levels]


def _is_plain(choice: SetNow) -> bool:
    plain = all(isinstance(part, StepNow) for part in choice.parts)
    return plain and choice.section.rule is Rule.ANY and choice.to_choose > 0 and not choice.locked


def _steps(choice: SetNow) -> Iterator[StepNow]:
    yield from (part for part in choice.parts if isinstance(part, StepNow))


def _step(
    one: StepNow, placed: ToPlace, left: Mapping[str, StepNow], known: Mapping[str, Known], *, wanted: bool
) -> PathStep:
    facts = known.get(one.route)
    return PathStep(
        id=one.route,
        minutes=(facts.minutes if facts else None) or one.entry.minutes or 0,
        kind=facts.kind if facts else "",
        wanted=wanted,
        levels=tuple((UUID(lock.about), lock.level) for lock in one.locks if lock.why is Why.LEVEL),
        after=tuple(
            frozenset({left[key].route})
            for key in sorted(placed.behind.get(one.entry.key, frozenset()))
            if key in left and left[key].route != one.route
        ),
    )


def _gaps(left: Mapping[str, StepNow], steps: Mapping[str, StepNow]) -> Iterator[Gap]:
    for one in left.values():
        practice = one.entry.practice
        before = steps.get(practice.after) if practice else None
        if practice and before and before.state is not State.GONE:
            yield Gap(before.done_by or before.route, one.route, practice.weeks, practice.in_class)
