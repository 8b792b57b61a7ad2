"""Somebody leaves a joint plan in one window and does something to it in another; on PostgreSQL only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from lantern.domain.joint_plans import commands, queries
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from tests.cast import Cast, acting
from tests.domain.test_at_the_same_time import people, twice
from tests.domain.test_joint_plans import bring_in, start

__all__ = ["people"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


@pytest.mark.requirement("C.7")
@pytest.mark.parametrize("second", ["leave", "add", "mark"])
def test_who_has_left_meanwhile_does_nothing_more_to_it(people: Cast, second: str) -> None:
    plan = start(people.novice)
    bring_in(plan, people.novice, people.principal)
    with acting(people.novice) as nia:
        step = commands.add_step(nia, plan_id=plan.pk, title="Ours", minutes=20)
    acts: dict[str, Callable[[Actor], Any]] = {
        "leave": lambda actor: commands.leave_plan(actor, plan_id=plan.pk),
        "add": lambda actor: commands.add_step(actor, plan_id=plan.pk, title="After I left", minutes=20),
        "mark": lambda actor: commands.mark_done(actor, step_id=step.pk, done=True),
    }
    turn = iter((acts["leave"], acts[second]))

    def first_then_second(actor: Actor) -> Any:
        act = next(turn)
        return act(actor)

    _, late = twice(people.principal, first_then_second)
    assert isinstance(late, NotFound)
    with acting(people.novice) as nia:
        assert [one.title for one in queries.get_plan(nia, plan.pk).steps] == ["Ours"]
