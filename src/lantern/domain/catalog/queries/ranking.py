"""The catalog as the ranking sees it."""

from __future__ import annotations

from uuid import UUID

from lantern.domain.catalog.queries.rows import Row, Stamps, load, standing
from lantern.domain.catalog.queries.snapshot import Held
from lantern.domain.catalog.types import Status
from lantern.engine.recommend import Item
from lantern.kernel.actor import Actor

_facts: Held[tuple[Item, ...]] = Held()


def facts_for_ranking(actor: Actor) -> tuple[Item, ...]:
    """Return every offered resource as an item for `engine.recommend`, by id; the same tuple until the catalog
    changes.
    """
    now = standing(actor)

    def make(since: Stamps | None, before: tuple[Item, ...] | None) -> tuple[Item, ...]:
        items: dict[UUID, Item] = {item.id: item for item in before or ()}
        for row in load(actor, since):
            items.pop(row.id, None)
            if row.status == Status.PUBLISHED:
                items[row.id] = _item(row)
        return tuple(items[id] for id in sorted(items))

    return _facts.get(actor, now.stamps, make)


def _item(row: Row) -> Item:
    return Item(
        id=row.id,
        kind=row.kind,
        title=row.title,
        minutes=row.minutes,
        level=row.level,
        grades_mask=row.grades_mask,
        terms=frozenset(row.topics),
        subjects=frozenset(row.subjects),
        competencies=row.competencies,
        initiative=row.initiative_id,
        prerequisites=frozenset(row.prerequisites),
        language=row.language.partition("-")[0],
        modality=row.modality,
        cost_cents=row.cost_cents,
        credit_type=row.credit_type,
        credit_minutes=row.credit_minutes,
        evidence=row.evidence_tier,
        guessed=row.guessed,
    )
