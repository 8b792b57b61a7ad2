"""A provider's sequence of the Early Career Framework as a pathway: years of modules of lessons, all in order.

A lesson that follows another builds on it. What the first of a module builds on, and what a lesson leads to, the
materials do not say in words of their own, so a sequence comes in as a draft for somebody to complete.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lantern.engine.pathway.outline import NAME_MOST, PRIOR_MOST, TOP, Entry, Section
from lantern.engine.pathway.structure import Rule
from lantern.engine.untrusted import DAMAGED, read_json
from lantern.interop.catalogue.codec import CatalogueFile
from lantern.interop.ecf.codec import FORMAT, plain_markdown
from lantern.interop.ncce.pathways import first_sentence
from lantern.interop.pathways.codec import TITLE_MOST, PathwayRecord, ResourceName, Tokens


def pathways_of(providers: Mapping[str, bytes], catalogue: CatalogueFile) -> tuple[PathwayRecord, ...]:
    """Return one pathway for each provider that has lessons in the catalogue. Raises `Unreadable`."""
    known = {record.external_id for record in catalogue.records}
    found: list[PathwayRecord] = []
    for data in providers.values():
        value = read_json(data)
        if not isinstance(value, dict):
            continue
        programme, tokens = DAMAGED.sub("", str(value.get("programme", ""))), Tokens()
        years = [year for year in _objects(value, "years") if _objects(year, "modules")]
        counter = [0]
        parts = tuple(_year(number, year, known, tokens, counter) for number, year in enumerate(years, start=1))
        if counter[0]:
            found.append(
                PathwayRecord(
                    number=len(found) + 1,
                    id=f"ecf:sequence:{programme.casefold().replace(' ', '-')}",
                    title=f"Early Career Framework: {programme}"[:TITLE_MOST],
                    outline=Section(TOP, Rule.IN_ORDER, parts),
                    source=FORMAT,
                    summary="Self-study for the first two years of teaching, in the provider's order.",
                    job_kinds=("teacher",),
                    level_to=2,
                    resources=tokens.resources,
                )
            )
    return tuple(found)


def _year(number: int, year: Mapping[str, object], known: set[str], tokens: Tokens, counter: list[int]) -> Section:
    modules = _objects(year, "modules")
    inside = tuple(
        _module(f"y{number}m{place}", module, known, tokens, counter) for place, module in enumerate(modules, start=1)
    )
    return Section(f"y{number}", Rule.IN_ORDER, inside, 0, f"Year {year.get('year')}")


def _module(key: str, module: Mapping[str, object], known: set[str], tokens: Tokens, counter: list[int]) -> Section:
    steps: list[Entry] = []
    before = ""
    for lesson in sorted(_objects(module, "lessons"), key=_position):
        name, title = f"ecf:{lesson.get('id')}", " ".join(str(lesson.get("title") or "").split())
        if name not in known:
            continue
        counter[0] += 1
        leads = first_sentence(plain_markdown(str(lesson.get("ect_summary") or "")))
        prior = f"The lesson before it: {before}"[:PRIOR_MOST] if before else None
        steps.append(Entry(f"s{counter[0]}", (tokens.resource(ResourceName(FORMAT, name)),), leads, prior))
        before = title
    return Section(key, Rule.IN_ORDER, tuple(steps), 0, " ".join(str(module.get("title") or "").split())[:NAME_MOST])


def _position(lesson: Mapping[str, object]) -> float:
    """Return where a lesson stands; one that says no number comes first."""
    found = re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", str(lesson.get("position")))
    return float(found[0]) if found else 0.0


def _objects(parent: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    value = parent.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
