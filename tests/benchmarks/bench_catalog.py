"""The catalog at size: bringing in 10,000 resources, building the index, and searching, in CPU milliseconds.

Run: python -m tests.benchmarks.bench_catalog [rows], in a test database (SQLite, or that of DATABASE_URL's server).
"""

from __future__ import annotations

import random
import resource as system_resource
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

VERBS = ("Asking", "Planning", "Leading", "Reading", "Building", "Teaching", "Exploring", "Reviewing")
THINGS = ("number talks", "feedback", "phonics", "lab safety", "small groups", "discussion", "fractions", "writing")
PLACES = ("grade three", "middle school", "every lesson", "a busy week", "mixed classes", "the first month")
KINDS = ("course", "module", "video", "podcast", "article", "book", "live_session", "tool")


def made_up_rows(count: int) -> list[Any]:
    """Return rows to import, always the same ones."""
    from lantern.domain.catalog.types import CompetencyRef, ResourceData

    draw = random.Random(7)
    rows = []
    for number in range(count):
        words = f"{draw.choice(VERBS)} {draw.choice(THINGS)} in {draw.choice(PLACES)}"
        rows.append(
            ResourceData(
                row=number + 2, external_id=f"R-{number}", source="bench", kind=draw.choice(KINDS),
                modality="self_paced",
                title=f"{words} {number}", summary=f"{words}, with {draw.choice(THINGS)} and {draw.choice(THINGS)}.",
                description=" ".join(draw.choice(THINGS + PLACES) for _ in range(40)),
                minutes=draw.choice((10, 20, 30, 45, 60, 90, 180, None)), level=draw.choice((1, 2, 3, 4, None)),
                grades=tuple(draw.sample(("K", "1", "2", "3", "4"), draw.randint(0, 3))),
                subjects=(draw.choice(("mathematics", "reading", "science")),),
                topics=tuple(draw.sample([f"topic-{n}" for n in range(60)], 2)),
                provider=f"Provider {draw.randint(1, 40)}",
                competencies=(CompetencyRef("Teaching well", f"A.{draw.randint(1, 60)}", draw.randint(1, 4)),),
                cost_cents=draw.choice((0, 1500, None)), currency="USD",
                prerequisites=(f"R-{number - 1}",) if number % 10 == 9 else (),
            )
        )  # fmt: skip
    return rows


def milliseconds(act: Callable[[], Any]) -> float:
    """Return the CPU time of one call."""
    started = time.process_time()
    act()
    return (time.process_time() - started) * 1000


def measure(count: int) -> dict[str, float]:
    """Bring in, build and search; return seconds and milliseconds by name."""
    from lantern.domain.catalog import commands as catalog
    from lantern.domain.catalog import queries
    from lantern.domain.catalog.types import Search
    from lantern.flows import search_index
    from tests.cast import acting, assemble, make_framework, system_of

    cast = assemble()
    make_framework(cast.state, "Teaching well at size", tuple(f"Practice {n}" for n in range(1, 61)))
    rows = made_up_rows(count)
    figures: dict[str, float] = {}
    with acting(cast.coordinator) as dana:
        for name in ("import", "import again"):
            started = time.monotonic()
            counts = catalog.import_resources(dana, rows=rows, source="bench", create_terms=True)
            figures[f"{name} s"] = time.monotonic() - started
        assert counts.unchanged == count
        before = system_resource.getrusage(system_resource.RUSAGE_SELF).ru_maxrss
        started = time.monotonic()
        search_index.build(system_of(cast.district))
        figures["build index s"] = time.monotonic() - started
    with acting(cast.novice) as nia:
        figures["first search ms"] = milliseconds(lambda: queries.search(nia, Search.of({"q": "phonics"})))
        asked: tuple[dict[str, object], ...] = (
            {"q": "feedback"}, {"q": "phoncis in middle school"}, {}, {"kind": ["video"], "level": ["1", "2"]},
            {"q": "reading fractions", "minutes": ["15"], "grade": ["3"], "sort": "newest"},
            {"q": "discussion", "page": "9"},
        )  # fmt: skip
        spent = [milliseconds(partial(queries.search, nia, Search.of(one))) for _ in range(10) for one in asked]
        figures["search p50 ms"] = statistics.median(spent)
        figures["search max ms"] = max(spent)
        figures["first facts ms"] = milliseconds(lambda: queries.facts_for_ranking(nia))
        figures["facts again ms"] = milliseconds(lambda: queries.facts_for_ranking(nia))
    with acting(cast.coordinator) as dana:
        for number in range(20):
            catalog.create_resource(dana, kind="video", title=f"Brand new phonics {number}")
    with acting(cast.novice) as nia:
        figures["first search after 20 changes ms"] = milliseconds(lambda: queries.search(nia, Search.of({"q": "new"})))
        figures["search with delta ms"] = milliseconds(lambda: queries.search(nia, Search.of({"q": "phonics"})))
    figures["grown by MB"] = (system_resource.getrusage(system_resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return figures


def main() -> dict[str, float | str]:
    """Measure ten thousand resources in a district of their own."""
    return dict(measure(10_000))
