"""Choosing in an outline: parts of a choice, and another route for a step, refused in words where it is not one."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import Status
from lantern.domain.pathways.types import Choices
from lantern.engine.pathway import structure
from lantern.engine.pathway.outline import Entry, Section, entries, find
from lantern.engine.pathway.structure import Facts, Group, Rule, Step
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound


def chosen_in(outline: Section, kept: Choices, set_key: str, keys: Iterable[str]) -> Choices:
    """Return the choices with these parts of a choice chosen, and no others of it. Raises NotFound, Invalid."""
    part = find(outline, set_key)
    if not isinstance(part, Section) or part.rule not in (Rule.ANY, Rule.MINUTES):
        raise NotFound("There is no such choice.")
    here, wanted = {one.key for one in part.parts}, set(keys)
    if not wanted <= here:
        raise Invalid({"parts": "Choose from the parts of this set."})
    return Choices((kept.chosen - here) | wanted, kept.swaps)


def swapped_in(actor: Actor, outline: Section, kept: Choices, key: str, resource_id: UUID) -> Choices:
    """Return the choices with another route for a step, so that what it asks is still met (P7.3).

    Raises NotFound for a step that is not there, Invalid by `resource` with the reason in words.
    """
    step = find(outline, key)
    if not isinstance(step, Entry):
        raise NotFound("There is no such step.")
    old, new = kept.swaps.get(key, step.routes[0]), str(resource_id)
    found = {str(row.pk): row for row in catalog.list_resources_by_ids(actor, [resource_id, *map(UUID, step.routes)])}
    here = Group(Rule.ALL, (Step(old), *(Step(route) for one in entries(outline) for route in one.routes)))
    facts = Facts(dict.fromkeys(found, 0), {}, (frozenset(step.routes),))
    answer = structure.swap(here, facts, old, new)
    if answer.reason == "unknown":
        raise Invalid({"resource": "There is nothing like that in the catalog here. Choose something from it."})
    if not answer.allowed:
        others = [f"“{found[one].title}”" for one in step.routes if one in found]
        raise Invalid(
            {
                "resource": f"“{found[new].title}” leads somewhere else: this step asks for “{step.outcome}”, and "
                f"that would still be missing. What counts for it: {', '.join(others) or 'nothing that is here'}."
            }
        )
    if new != old and found[new].status != Status.PUBLISHED:
        raise Invalid({"resource": f"“{found[new].title}” is offered no more. Choose another way to do it."})
    return Choices(kept.chosen, {**kept.swaps, key: new})
