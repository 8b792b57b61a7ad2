"""The pages that are opened most, in the generated district: CPU per request, queries, bytes."""

from __future__ import annotations

import gc
import gzip
import re
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern import models as tables
from lantern.domain.recommendations import commands as recommendations
from lantern.domain.recommendations import queries as suggestions
from lantern.engine.recommend import rank
from lantern.flows import search_index
from lantern.kernel import tenancy
from lantern.kernel.actor import system
from lantern.kernel.upkeep import refresh_statistics
from tests.benchmarks.world import World, build_world

TARGETS = {
    "home: CPU ms": 30,
    "search: CPU ms": 25,
    "search with three filters: CPU ms": 25,
    "item: CPU ms": 30,
    "plan: CPU ms": 30,
    "transcript: CPU ms": 30,
    "suggestions for one educator, warm: CPU ms": 20,
    "first load of home: kB": 150,
}
ROUNDS = 25


def main() -> dict[str, float | str]:
    """Build the district, warm up, measure."""
    figures: dict[str, float | str] = {}
    begun = time.perf_counter()
    world = build_world()
    figures["world built: s"] = time.perf_counter() - begun
    with tenancy.within(world.actor.tenancy):
        _prepare(world)
        refresh_statistics()
        recommendations.refresh(world.actor)
        actor = world.actor
        learner, shelf = suggestions.learner_of(actor), suggestions.shelf_for(actor)
        figures["suggestions for one educator, warm: CPU ms"] = _cpu(lambda: rank(learner, shelf))
        figures["the same with gathering her facts: CPU ms"] = _cpu(lambda: suggestions.rank_now(actor))
        figures["suggestions as a page reads them: CPU ms"] = _cpu(lambda: suggestions.current_for(actor))
        resource = tables.Resource.objects.order_by("pk")[0]
        account = tables.Account.objects.get(persons=world.person_id)
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    gc.collect()
    gc.freeze()  # as config/wsgi.py does for a web worker
    pages = {
        "home": reverse("home:home"),
        "search": reverse("learn:catalog") + "?q=number+talks+fractoins",
        "search with three filters": reverse("learn:catalog") + "?q=feedback&kind=video&level=2&cost=free",
        "item": reverse("learn:resource", args=[resource.pk]),
        "plan": reverse("grow:plan"),
        "transcript": reverse("portfolio:transcript"),
    }
    for name, address in pages.items():
        response = client.get(address)
        assert response.status_code == 200, (name, response.status_code)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        figures[f"{name}: queries"] = len(captured)  # now: the next request forgets them
        figures[f"{name}: HTML kB (gzip)"] = len(gzip.compress(response.content)) / 1000
    acts: dict[str, Callable[[], object]] = {name: partial(client.get, address) for name, address in pages.items()}
    figures |= _in_turn(acts | {"a fixed loop of plain Python, to compare machines": _yardstick})
    figures["first load of home: kB"] = _first_load(client.get(pages["home"]).content.decode())
    cache.clear()
    return figures


def _yardstick() -> int:
    """Count in plain Python: what this machine makes of it tells how far its other figures can be compared."""
    return sum(number % 7 for number in range(200_000))


def _first_load(html: str) -> float:
    """The kilobytes a new visitor is sent: the page, its styles and scripts (gzip), and the two fonts."""
    folder = Path(settings.STATIC_ROOT)
    names = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', html))
    total = len(gzip.compress(html.encode()))
    fonts: set[str] = set()
    for name in names:
        content = (folder / name).read_bytes()
        total += len(gzip.compress(content))
        fonts |= set(re.findall(r"[\w.-]+-latin-wght-normal\.[\w.]*woff2", content.decode(errors="replace")))
    total += sum(next(folder.rglob(font)).stat().st_size for font in fonts)
    return total / 1000


def _prepare(world: World) -> None:
    search_index.build(system(world.actor.tenancy))


def _in_turn(acts: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median CPU milliseconds of each, taken in turn: a slow minute of a shared machine then falls on all alike."""
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(ROUNDS + 3):
        for name, act in acts.items():
            begun = time.process_time()
            act()
            taken[name].append((time.process_time() - begun) * 1000)
    return {f"{name}: CPU ms": statistics.median(times[3:]) for name, times in taken.items()}


def _cpu(act: object) -> float:
    """The median CPU milliseconds of this process for one call, after a warm-up."""
    assert callable(act)
    for _ in range(3):
        act()
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        act()
        taken.append((time.process_time() - begun) * 1000)
    return statistics.median(taken)
