"""What was tried in class and did not work counts as much as what did, and nobody learns whose it was (P1.3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lantern.domain.courses import commands as courses
from lantern.domain.credits import queries as credits
from lantern.domain.evidence import commands as evidence
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.kernel import clock
from tests.architecture.database_state import taken_back
from tests.architecture.test_twin_worlds import differences, look_around
from tests.cast import acting, as_
from tests.domain.learning_factory import make_rule, offer, reflected
from tests.things import make_things

pytestmark = pytest.mark.django_db


def tried(actor: Any, resource: Any) -> Any:
    """Something planned, done and reflected on, with a day in class that is over."""
    item = plans.plan_resource(actor, resource_id=resource.pk)
    courses.set_progress(actor, activity_id=item.activity_id, percent=100, minutes_spent=60)
    return reflected(actor, item.activity, try_class="Grade 4", try_on=clock.today() - timedelta(days=1))


def after(person: Any, reflection: Any, outcome: str) -> tuple[Any, ...]:
    """What her plan, her hours and her next step look like once she has said how it went; all is taken back."""
    with taken_back():
        with acting(person) as actor:
            evidence.answer_reflection(actor, reflection_id=reflection.pk, outcome=outcome, what_happened="Silence.")
            plan = plan_queries.my_plan(actor)
            hours = credits.total_hundredths(actor)
        home = as_(Client(), person).get("/home/").content.decode()
    return plan, hours, "How did it go in your class?" in home


@pytest.mark.requirement("P1.3")
def test_an_experiment_that_did_not_work_advances_the_plan_like_one_that_did(cast) -> None:
    make_rule(cast.district)
    with acting(cast.coordinator) as manager:
        resource = offer(manager)
    with acting(cast.novice) as nia:
        reflection = tried(nia, resource)
    worked, failed = (after(cast.novice, reflection, outcome) for outcome in ("worked", "did_not_work"))
    assert failed == worked
    assert failed[1] > 0, "what was learned counts as hours either way"
    assert failed[2] is False, "she is asked no more"
    assert [item.done for week in failed[0].weeks for item in week.items] == [True]


@pytest.mark.requirement("P1.3")
def test_no_report_tells_others_who_tried_or_how_it_went(cast) -> None:
    ids = make_things(cast).ids
    with acting(cast.coordinator) as manager:
        resource = offer(manager, "Number talks again")
    with acting(cast.novice) as nia:
        reflection = tried(nia, resource)
    reports = ["lead:overview", "lead:insights", "lead:initiatives", "lead:days"]
    offices = ("coach", "principal", "coordinator", "official", "operator")
    before = look_around(cast, ids, reports, offices)
    assert sum(status == 200 for status, *_ in before.values()) >= 8
    with acting(cast.novice) as nia:
        evidence.answer_reflection(nia, reflection_id=reflection.pk, outcome="did_not_work", what_happened="Silence.")
    assert differences(before, look_around(cast, ids, reports, offices)) == []
