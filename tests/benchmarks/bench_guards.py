"""What the guard between tenants costs: per query, and of the home page in the generated district (decision 0021)."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from lantern import models as tables
from lantern.kernel import tenancy
from lantern.kernel.database.guard import Guard, disarmed
from tests.benchmarks.world import build_world

TARGETS = {"guard: CPU us a query": 20, "home: share of the guard, %": 10}
ROUNDS, QUERIES = 40, 20_000


def main() -> dict[str, float | str]:
    """Measure the home page with the guard and without, alternating, and the guard alone on a known statement."""
    world = build_world()
    with tenancy.within(world.actor.tenancy):
        account = tables.Account.objects.get(persons=world.person_id)
        question = tables.Goal.objects.filter(person_id=world.person_id).select_related("competency")
        sql, values = question.query.get_compiler("default").as_sql()
        guard = Guard(connection.vendor)
        alone = _cpu(lambda: [guard(_nothing, sql, values, False, {}) for _ in range(QUERIES)]) / QUERIES
        bare = _cpu(lambda: [_nothing(sql, values, False, {}) for _ in range(QUERIES)]) / QUERIES
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    page = reverse("home:home")
    for _ in range(5):
        assert client.get(page).status_code == 200
    with_guard, without = [], []
    wrappers = connection.execute_wrappers
    for _ in range(ROUNDS):
        with_guard.append(_cpu(lambda: client.get(page)))
        with disarmed():
            without.append(_cpu(lambda: client.get(page)))
    counted = _count(wrappers, lambda: client.get(page))
    on, off = statistics.median(with_guard), statistics.median(without)
    each = (alone - bare) * 1e6
    return {
        "guard: CPU us a query": each,
        "home: statements": counted,
        "home with the guard: CPU ms": on * 1000,
        "home, checks of the guard off: CPU ms": off * 1000,
        "home: share of the guard, %": 100 * counted * each / 1e6 / on,
    }


def _nothing(sql: object, values: object, many: bool, context: object) -> object:
    """Stand in for the database."""
    return sql


def _count(wrappers: list[Any], act: Callable[[], object]) -> int:
    """How many statements an act sends."""
    seen: list[object] = []

    def count(execute: Callable[..., object], *given: object) -> object:
        seen.append(given[0])
        return execute(*given)

    wrappers.append(count)
    try:
        act()
    finally:
        wrappers.remove(count)
    return len(seen)


def _cpu(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun
