"""What the guards cost: each of them in CPU time of a page, and all together as a share of it, in the generated
district (trust.md 3.4, decisions 0021 to 0026).

Counted as guards: whatever a page would not do if everybody could be trusted. Not counted: reading the session and the
account, which any page that knows its reader does; the statements themselves.
"""

from __future__ import annotations

import gc
import importlib
import inspect
import statistics
import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.contrib.auth import middleware as signed_in
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection
from django.db.models.manager import BaseManager
from django.middleware import csrf
from django.test import Client, override_settings
from django.urls import reverse

from lantern import models as tables
from lantern.domain.people import queries as people
from lantern.domain.recommendations import commands as recommendations
from lantern.flows import search_index
from lantern.kernel import scope, tenancy
from lantern.kernel.actor import system
from lantern.kernel.database import compiler
from lantern.kernel.database.guard import Guard
from lantern.kernel.upkeep import refresh_statistics
from lantern.web import gate, second_step, sessions
from tests.benchmarks.stopwatch import NOTHING, REST, marks, replaced_everywhere, watch
from tests.benchmarks.world import World, build_world
from tests.cast import as_

PAGES = {
    "home": "home:home",
    "search": "learn:catalog",
    "plan": "grow:plan",
    "people": "manage:people",
}
TARGETS = {"guard: CPU us a query": 20} | {f"{page}: all guards, % of its CPU": 10 for page in PAGES}
ROUNDS, QUERIES = 40, 20_000
READER = "reading the session and the account (no guard)"
STATEMENTS = "each statement held to the tenancy"
SESSION_VARIABLE = "the tenancy told to PostgreSQL"
PREDICATES = "the tenant written into statements"
GATE = "the gate: rule, person and her roles"
POLICY = "policies: whose rows, who may"
SESSIONS = "sessions and the second step"
HEADERS = "safety headers and the policy of content"
FORMS = "forms from elsewhere (CSRF)"
TRAIL = "refusals and the number of the request"
statements, adopting = [0.0], [0.0]
"""Seconds in the guard since the page began, without what it let through; in telling the session the tenancy."""
GUARDS = (STATEMENTS, SESSION_VARIABLE, PREDICATES, GATE, POLICY, SESSIONS, HEADERS, FORMS, TRAIL)
MIDDLEWARES = {
    "lantern.web.headers.safety_headers": HEADERS,
    "lantern.web.headers.ContentPolicyMiddleware": HEADERS,
    "django.middleware.clickjacking.XFrameOptionsMiddleware": HEADERS,
    "django.middleware.security.SecurityMiddleware": HEADERS,
    "lantern.web.content_host.content_host": HEADERS,
    "lantern.web.middleware.request_identity": TRAIL,
    "lantern.web.trail.refusals": TRAIL,
    "django.middleware.csrf.CsrfViewMiddleware": FORMS,
    "allauth.usersessions.middleware.UserSessionsMiddleware": SESSIONS,
    "lantern.web.gate.GateMiddleware": GATE,
    "lantern.web.sessions.SessionsMiddleware": SESSIONS,
    "lantern.web.second_step.SecondStepMiddleware": SESSIONS,
}


def main() -> dict[str, float | str]:
    """Measure the guard alone on a known statement; then wrap every guard, and take four pages in turn."""
    world = build_world()
    figures: dict[str, float | str] = {"guard: CPU us a query": _alone(world)}
    _prepare(world)
    clients = _clients(world)
    queries = _count_statements(clients)
    _wrap_everything()
    with override_settings(SECOND_STEP_REQUIRED=True, MIDDLEWARE=_marked()):
        taken = _in_turn(clients)
    cache.clear()
    prices = [one.pop(NOTHING) for rounds in taken.values() for one in rounds]
    figures["stopwatch, taken off: CPU us each time"] = statistics.median(prices) * 1e6
    for page, rounds in taken.items():
        together = [sum(one.get(guard, 0.0) for guard in GUARDS) for one in rounds]
        whole = [sum(one.values()) - one[STATEMENTS] for one in rounds]  # which stands in another account, too
        figures |= {
            f"{page}: statements": queries[page],
            f"{page}: CPU ms, all measured": statistics.median(whole) * 1000,
            f"{page}: all guards, CPU ms": statistics.median(together) * 1000,
            f"{page}: all guards, % of its CPU": 100 * statistics.median(together) / statistics.median(whole),
        }
    for account in (*GUARDS, READER):
        each = (statistics.median(one.get(account, 0.0) for one in rounds) * 1000 for rounds in taken.values())
        figures[f"{account}: CPU ms on {', '.join(taken)}"] = ", ".join(f"{figure:.2f}" for figure in each)
    return figures


def _alone(world: World) -> float:
    """The guard on one statement that it has seen before: CPU microseconds."""
    with tenancy.within(world.actor.tenancy):
        question = tables.Goal.objects.filter(person_id=world.person_id).select_related("competency")
        sql, values = question.query.get_compiler("default").as_sql()
        guard = Guard(connection.vendor)
        alone = _cpu(lambda: [guard(_nothing, sql, values, False, {}) for _ in range(QUERIES)])
        bare = _cpu(lambda: [_nothing(sql, values, False, {}) for _ in range(QUERIES)])
    return (alone - bare) / QUERIES * 1e6


def _prepare(world: World) -> None:
    """As after the nightly jobs."""
    with tenancy.within(world.actor.tenancy):
        search_index.build(system(world.actor.tenancy))
        refresh_statistics()
        recommendations.refresh(world.actor)


def _clients(world: World) -> dict[str, tuple[Client, str]]:
    """The measured educator's client for her pages, a coordinator's with a second step for the list of people."""
    with tenancy.within(world.actor.tenancy):
        educator = tables.Person.objects.select_related("account").get(pk=world.person_id)
        coordinator = tables.Person.objects.select_related("account").order_by("pk")[1]
        tables.Membership.objects.get_or_create(
            person=coordinator, organisation_id=world.district_id, role="coordinator"
        )
    assert "coordinator" in people.actor_for(coordinator.pk, world.district_id).roles
    mine, theirs = (as_(Client(SERVER_NAME="localhost"), person) for person in (educator, coordinator))
    addresses = {page: reverse(name) for page, name in PAGES.items()}
    addresses["search"] += "?q=number+talks+fractoins"
    return {page: (theirs if page == "people" else mine, address) for page, address in addresses.items()}


def _count_statements(clients: dict[str, tuple[Client, str]]) -> dict[str, int]:
    """How many statements each page sends, once it is warm."""
    counts: dict[str, int] = {}
    for page, (client, address) in clients.items():
        for _ in range(5):
            seen: list[object] = []
            with connection.execute_wrapper(lambda execute, *given, seen=seen: (seen.append(1), execute(*given))[1]):
                assert client.get(address).status_code == 200, page
        counts[page] = len(seen)
    return counts


def _in_turn(clients: dict[str, tuple[Client, str]]) -> dict[str, list[dict[str, float]]]:
    """What each account took, page by page in turn: a slow minute of a shared machine then falls on all alike."""
    taken: dict[str, list[dict[str, float]]] = {page: [] for page in clients}
    for client, _ in clients.values():
        vars(client.handler)["_middleware_chain"] = None  # it shall ask the settings anew
    gc.collect()
    gc.freeze()  # as config/wsgi.py does for a web worker
    for _ in range(ROUNDS + 3):
        for page, (client, address) in clients.items():
            statements[0] = 0.0
            watch.start()
            response = client.get(address)
            taken[page].append(watch.stop() | {STATEMENTS: statements[0]})
            assert response.status_code == 200, page
    return {page: rounds[3:] for page, rounds in taken.items()}


# ------------------------------------------------------------------------------------------------------ what is wrapped
def _marked() -> list[str]:
    """The middlewares of the settings with a mark before each and one at the end."""
    row = list(settings.MIDDLEWARE)
    assert MIDDLEWARES.keys() <= set(row), "a guard is named here that stands in no row"
    before = marks(MIDDLEWARES.get(name, REST) for name in row)
    return [*(each for pair in zip(before, row, strict=False) for each in pair), before[-1]]


def _wrap_everything() -> None:
    """Charge every guard to its account, for the rest of the process."""
    _wrap_statements()
    for view_guard, account in (
        (gate.GateMiddleware, GATE),
        (csrf.CsrfViewMiddleware, FORMS),
        (sessions.SessionsMiddleware, SESSIONS),
        (second_step.SecondStepMiddleware, SESSIONS),
    ):
        _wrap(view_guard, "process_view", account)
    _wrap(UserSessionsMiddleware, "__call__", SESSIONS, missing_is_fine=True)
    replaced_everywhere(csrf.get_token, watch.charged(csrf.get_token, FORMS))
    replaced_everywhere(sessions.kept, watch.charged(sessions.kept, SESSIONS))
    signed_in.get_user = watch.charged(signed_in.get_user, READER)
    _wrap(SessionStore, "load", READER)
    for feature in sorted({model.__module__.rsplit(".", 1)[0] for model in _models()}):
        if not feature.startswith("lantern.domain."):
            continue
        policy = importlib.import_module(f"{feature}.policy")
        for function in list(vars(policy).values()):
            if inspect.isfunction(function) and function.__module__ == policy.__name__:
                replaced_everywhere(function, watch.charged(function, POLICY))


def _noting_how_long(adopt: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function; how long it took by the wall is then not the guard's own."""

    def measured(*given: Any) -> Any:
        begun = time.perf_counter()
        try:
            return adopt(*given)
        finally:
            adopting[0] = time.perf_counter() - begun

    return measured


def _wrap_statements() -> None:
    """The guard, without the statement it lets through; the session variable; what compilers and managers add.

    The guard is timed by the wall: it takes some 15 us and waits for nothing, and asking for the time of the CPU, which
    is a call of the system, makes it look three times as dear. (Switched off and on in turns it makes less difference.)
    """
    hold = Guard.__call__

    def held(self: Guard, execute: Callable[..., Any], *given: Any) -> Any:
        watch.nothing()
        let_through = 0.0

        def noted(*statement: Any) -> Any:
            nonlocal let_through
            let_through = time.perf_counter()
            return execute(*statement)

        adopting[0], begun = 0.0, time.perf_counter()
        try:
            return hold(self, noted, *given)
        finally:
            statements[0] += let_through - begun - adopting[0]

    Guard.__call__ = held  # type: ignore[method-assign, assignment]
    for wrapper in connection.execute_wrappers:
        if isinstance(wrapper, Guard) and wrapper._adopt is not None:
            wrapper._adopt = _noting_how_long(watch.charged(wrapper._adopt, SESSION_VARIABLE))
    for name in ("_tenancy_for", "_predicate", "_is_there", "_joined_across_tenants"):
        setattr(compiler, name, watch.charged(getattr(compiler, name), PREDICATES))
    _wrap(tenancy.TenantManager, "get_queryset", PREDICATES)
    BaseManager.get_queryset = watch.handed_back(BaseManager.get_queryset)  # type: ignore[method-assign]
    for function in (scope.enter, scope.leave):
        replaced_everywhere(function, watch.charged(function, PREDICATES))


def _wrap(owner: Any, name: str, account: str, missing_is_fine: bool = False) -> None:
    if missing_is_fine and name not in vars(owner):
        return
    setattr(owner, name, watch.charged(vars(owner)[name], account))


def _models() -> list[Any]:
    return [one for one in vars(tables).values() if isinstance(one, type) and hasattr(one, "_meta")]


def _nothing(sql: object, values: object, many: bool, context: object) -> object:
    """Stand in for the database."""
    return sql


def _cpu(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun
