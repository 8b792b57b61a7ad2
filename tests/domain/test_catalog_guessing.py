"""What nobody tied to a competency is judged by its words, says so, counts for less, and gives way to who knows."""

from __future__ import annotations

from typing import Any

import pytest

from lantern import models as tables
from lantern.domain.catalog import commands, queries
from lantern.engine.recommend import Learner, NeedFact, Shelf, rank
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import NotAllowed
from tests.cast import Cast, acting, competencies_of, system_of

ABOUT = (
    "Comments on drafts that pupils act on, number {}", "Whole class discussion with sentence starters, number {}",
)  # fmt: skip


def resource(cast: Cast, title: str, link: Any = None, level: int = 2) -> Any:
    now = clock.now()
    row = tables.Resource.objects.create(
        tenant_id=cast.district.pk, kind="article", modality="self_paced", title=title, minutes=10,
        created_at=now, updated_at=now, revision=1,
    )  # fmt: skip
    if link is not None:
        tables.ResourceCompetency.objects.create(
            tenant_id=cast.district.pk, resource=row, competency=link, level=level
        )
    return row


@pytest.fixture
def catalog(cast: Cast) -> tuple[Any, Any, Any]:
    """Thirty tied resources about two competencies, and one that nobody tied to any."""
    feedback, talk, *_ = competencies_of(cast.framework)
    with tenancy.unscoped("factory"):
        for number in range(15):
            resource(cast, ABOUT[0].format(number), feedback)
            resource(cast, ABOUT[1].format(number), talk)
        return resource(cast, "Better comments on drafts of essays"), feedback, talk


def links_of(row: Any) -> list[tuple[Any, int | None, bool]]:
    rows = tables.ResourceCompetency.objects.filter(resource=row)
    return list(rows.values_list("competency_id", "level", "guessed"))


@pytest.mark.requirement("A.3")
def test_the_brand_new_item_is_judged_by_its_words_until_somebody_ties_it(
    cast: Cast, catalog: tuple[Any, Any, Any]
) -> None:
    new, feedback, talk = catalog
    system = system_of(cast.district)
    with tenancy.within(system.tenancy):
        assert commands.guess_links(system) == 1
        assert links_of(new) == [(feedback.pk, 2, True)]
        before = queries.standing(system).stamps
        assert commands.guess_links(system) == 1 and queries.standing(system).stamps == before, "nothing to change"
    with acting(cast.novice) as actor:
        item = next(one for one in queries.facts_for_ranking(actor) if one.id == new.pk)
        assert item.guessed and item.competencies == ((feedback.pk, 2),)
        need = (NeedFact(feedback.pk, "feedback"),)
        ranked = {one.item.id: one for one in rank(Learner(needs=need), Shelf.of(queries.facts_for_ranking(actor)))}
        points = {key: sum(part.points for part in one.parts if part.factor == "need") for key, one in ranked.items()}
        tied = max(points.values())
        assert 0 < points[new.pk] < tied, "it is found, and counts for less than what somebody said"
        with pytest.raises(NotAllowed):
            commands.guess_links(actor)
    with acting(cast.coordinator) as actor:
        commands.edit_resource(actor, resource_id=new.pk, competencies=[(talk.pk, 3)])
    with tenancy.within(system.tenancy):
        assert commands.guess_links(system) == 0 and links_of(new) == [(talk.pk, 3, False)]


def test_with_few_tied_resources_nothing_is_judged(cast: Cast) -> None:
    feedback = competencies_of(cast.framework)[0]
    system = system_of(cast.district)
    with tenancy.within(system.tenancy):
        for number in range(19):
            resource(cast, ABOUT[0].format(number), feedback)
        new = resource(cast, "Better comments on drafts")
        assert commands.guess_links(system) == 0 and links_of(new) == []
        resource(cast, ABOUT[0].format(19), feedback)
        assert commands.guess_links(system) == 1


def test_words_like_nothing_here_are_left_alone(cast: Cast, catalog: tuple[Any, Any, Any]) -> None:
    system = system_of(cast.district)
    with tenancy.within(system.tenancy):
        kiln = resource(cast, "Kiln firing temperatures")
        commands.guess_links(system)
        assert links_of(kiln) == []
