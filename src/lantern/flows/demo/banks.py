"""The questions for checks of the demo district, of our own writing; the state publishes them."""

from __future__ import annotations

from lantern.domain.assessments import commands as assessments
from lantern.domain.assessments.types import ItemData, OptionData
from lantern.domain.competencies import queries as competencies
from lantern.flows.demo import data_files
from lantern.flows.demo.learning import FRAMEWORKS
from lantern.flows.demo.places import World
from lantern.kernel import tenancy
from lantern.kernel.actor import Actor


def build(world: World) -> None:
    """Write the banks; where the right answer of a question stands is mixed by its number."""
    actor = world.system("maple")
    with tenancy.within(actor.tenancy):
        items = [_item(actor, number, row) for number, row in enumerate(data_files.rows("items_teachers"))]
        counts = assessments.import_items(actor, rows=items, publish_new=True)
        if counts.refused:
            raise ValueError(f"The demo's questions do not fit: {counts.refused[:3]}")


def _item(actor: Actor, number: int, row: dict[str, str]) -> ItemData:
    found = competencies.find_by_code(actor, FRAMEWORKS["T"][0], row["competency"])
    if found is None:
        raise LookupError(f"The demo has no competency {row['competency']}")
    options = [OptionData(row[name]) for name in ("wrong_1", "wrong_2", "wrong_3")]
    options.insert(number % 4, OptionData(row["right"], row["why"]))
    return ItemData(
        external_id=row["id"],
        competency_id=found.pk,
        question=row["question"],
        options=tuple(options),
        right=number % 4,
        level=int(row["level"]),
        area=row["area"],
        row=number + 2,
    )
