"""A job whose person is gone ends, instead of waiting and being tried for ever."""

from __future__ import annotations

import pytest

from lantern.domain.people.models import Person
from lantern.kernel import jobs
from tests.cast import acting, assemble

pytestmark = pytest.mark.django_db


def test_the_job_of_who_left_ends_and_says_so() -> None:
    people = assemble()
    with acting(people.novice) as actor:
        row = jobs.enqueue(actor, "recommendations.refresh")
        Person.objects.filter(pk=people.novice.pk).update(active=False)
    jobs.run(str(row.pk))
    with acting(people.expert):
        row.refresh_from_db()
    assert (row.state, row.message) == (jobs.Job.State.FAILED, "That person is not here any more.")
