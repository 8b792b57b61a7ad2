"""The national centre's pathways as ours: a set of courses, and one of what is done in school.

A course that is offered face to face and remote stands there as one step with both ways: its title differs in the last
word only. What one should know before is nowhere said, so a pathway comes in as a draft for somebody to complete.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lantern.engine.pathway.outline import NAME_MOST, OUTCOME_MOST, TOP, Entry, Section, Written
from lantern.engine.pathway.structure import Rule
from lantern.engine.untrusted import read_json
from lantern.interop.catalogue.codec import CatalogueFile
from lantern.interop.catalogue.records import CatalogueRecord
from lantern.interop.ncce.codec import FORMAT, read_pathways
from lantern.interop.pathways.codec import SUMMARY_MOST, TITLE_MOST, PathwayRecord, ResourceName, Tokens

_FORMAT_OF_TITLE = re.compile(r"\s*[-–]\s*(?:remote|face to face)\s*$", re.IGNORECASE)


def pathways_of(data: bytes, courses: bytes, catalogue: CatalogueFile) -> tuple[PathwayRecord, ...]:
    """Return the pathways that hold anything of the catalogue, in their order. Raises `Unreadable`."""
    records = {record.external_id: record for record in catalogue.records}
    twins: dict[str, list[str]] = {}
    for record in catalogue.records:
        twins.setdefault(_base(record.title), []).append(record.external_id)
    value = read_json(data)
    entries = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    found: list[PathwayRecord] = []
    for pathway, entry in zip(read_pathways(data, courses), entries, strict=True):
        tokens = Tokens()
        in_class = [name for name in _activities(entry) if name in records]
        taken: set[str] = set()
        chosen = [name for name in pathway.courses if name in records]
        parts = (
            *_set("g1", "Courses", _steps(chosen, records, twins, tokens, taken, "s")),
            *_set("g2", "In your school", _steps(in_class, records, {}, tokens, taken, "a")),
        )
        if parts:
            found.append(_record(len(found) + 1, pathway.slug, pathway.title, entry, parts, tokens))
    return tuple(found)


def _record(
    number: int, slug: str, title: str, entry: Mapping[str, object], parts: tuple[Written, ...], tokens: Tokens
) -> PathwayRecord:
    return PathwayRecord(
        number=number,
        id=f"ncce:pathway:{slug}",
        title=title[:TITLE_MOST],
        outline=Section(TOP, Rule.ALL, parts),
        source=FORMAT,
        summary=" ".join(str(entry.get("description") or "").split())[:SUMMARY_MOST],
        level_to=2,
        resources=tokens.resources,
    )


def _activities(entry: Mapping[str, object]) -> list[str]:
    slugs = entry.get("activity_slugs")
    return [f"ncce:activity:{slug}" for slug in slugs] if isinstance(slugs, list) else []


def _base(title: str) -> str:
    return _FORMAT_OF_TITLE.sub("", title).strip().casefold()


def _set(key: str, name: str, steps: Iterator[Entry]) -> tuple[Section, ...]:
    listed = tuple(steps)
    return (Section(key, Rule.ALL, listed, 0, name[:NAME_MOST]),) if listed else ()


def _steps(
    names: list[str],
    records: Mapping[str, CatalogueRecord],
    twins: Mapping[str, list[str]],
    tokens: Tokens,
    taken: set[str],
    letter: str,
) -> Iterator[Entry]:
    for name in names:
        if name in taken:
            continue
        others = [one for one in twins.get(_base(records[name].title), []) if one != name]
        routes = (name, *others)
        taken.update(routes)
        held = tuple(tokens.resource(ResourceName(records[one].source, one)) for one in routes)
        yield Entry(f"{letter}{len(taken)}", held, first_sentence(records[name].summary))


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, cut at a word where it is longer than an outcome may be."""
    plain = " ".join(text.split())
    first = re.split(r"(?<=[.!?])\s", plain, maxsplit=1)[0]
    return first if len(first) <= OUTCOME_MOST else first[: OUTCOME_MOST - 1].rsplit(" ", 1)[0] + "…"
