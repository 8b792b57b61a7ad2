"""Finished learning speaks for the level it leads to, lifts only, and can be taken away."""

from __future__ import annotations

from typing import Any

import pytest

from lantern import models as tables
from lantern.domain.courses import commands as courses
from lantern.domain.needs import commands as needs
from lantern.domain.needs import queries
from lantern.kernel import clock, tenancy
from tests.cast import Cast, acting, competencies_of


def resource(cast: Cast, links: list[tuple[Any, int | None]]) -> Any:
    with tenancy.unscoped("factory"):
        row = tables.Resource.objects.create(
            tenant_id=cast.district.pk, kind="course", modality="self_paced", title="Wait time", minutes=60,
            created_at=clock.now(), updated_at=clock.now(),
        )  # fmt: skip
        for competency, level in links:
            tables.ResourceCompetency.objects.create(
                tenant_id=cast.district.pk, resource=row, competency=competency, level=level
            )
    return row


@pytest.mark.requirement("P7.2")
def test_what_is_finished_speaks_for_the_level_it_leads_to_and_only_lifts(cast: Cast) -> None:
    one, two, three, *_ = competencies_of(cast.framework)
    course = resource(cast, [(one, 2), (two, 2), (three, None)])
    with acting(cast.novice) as actor:
        needs.rate(actor, competency_id=one.pk, level=1)
        needs.rate(actor, competency_id=two.pk, level=4)
        activity = courses.take_up(actor, resource_id=course.pk)
        assert len(queries.what_was_said(actor)) == 2, "begun is not finished"
        courses.set_progress(actor, activity_id=activity.pk, percent=100, minutes_spent=60)
        said = {(one.competency_id, one.evidence.level, one.words) for one in queries.what_was_said(actor)}
        assert {(one.pk, 2.0, "Wait time"), (two.pk, 2.0, "Wait time")} <= said
        assert three.pk not in {each.competency_id for each in queries.what_was_said(actor)}
        standings = queries.my_standings(actor)
        assert 1.0 < standings[one.pk].level < 2.0
        assert standings[two.pk].level == 4.0, "who is further is not pulled down"
        (kept,) = [row for row in queries.what_was_said(actor, one.pk) if row.evidence.kind == "completed"]
        needs.remove_evidence(actor, evidence_id=kept.id)
        assert queries.my_standings(actor)[one.pk].level == 1.0
