"""A job whose person is gone, or that fails each time, ends instead of being tried for ever (trust.md A9)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

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


class Killed(BaseException):
    """What ends a process and is no fault that anything could catch."""


def poisoned(monkeypatch: pytest.MonkeyPatch, problem: BaseException) -> list[int]:
    """Let a job fail at each try, and return what notes the tries."""
    tries: list[int] = []

    def run(*_: Any, **__: Any) -> None:
        tries.append(1)
        raise problem

    kinds = jobs._kinds
    monkeypatch.setitem(kinds, "recommendations.refresh", replace(kinds["recommendations.refresh"], run=run))
    return tries


@pytest.mark.requirement("N4")
@pytest.mark.parametrize("problem", [ValueError("a secret of hers"), Killed()], ids=["fails", "kills its worker"])
def test_a_job_that_never_ends_well_is_parked_after_five_tries(
    monkeypatch: pytest.MonkeyPatch, problem: BaseException
) -> None:
    people = assemble()
    with acting(people.novice) as actor:
        row = jobs.enqueue(actor, "recommendations.refresh")
    tries = poisoned(monkeypatch, problem)
    for _ in range(jobs.MOST_TRIES + 3):  # as the queue does: it gives out again whatever did not say that it is over
        with suppress(ValueError, Killed):
            jobs.run(str(row.pk))
    with acting(people.novice):
        row.refresh_from_db()
    assert len(tries) == jobs.MOST_TRIES == 5
    assert row.state == jobs.Job.State.FAILED
    assert "operator" in row.message and "secret" not in row.message
