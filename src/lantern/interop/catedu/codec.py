"""The Aularagon course catalogue (CATEDU, Government of Aragon), in Spanish, its courses tagged by MRCDD competence.

The tags' levels A1 to C2 become 1 to 6 of the framework `mrcdd`; `digcompedu_code` gives the European counterpart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from lantern.engine.untrusted import read_json, read_table
from lantern.interop.catalogue.codec import CatalogueFile, CompetencyLink, RowError, Unreadable, collect
from lantern.interop.catalogue.fields import slug

FORMAT = "catedu"
FRAMEWORK = "mrcdd"
LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
_RESOURCE_LEVEL = {1: 1, 2: 2, 3: 3, 4: 3, 5: 4, 6: 4}
_COMPETENCE = re.compile(r"[1-6]\.[1-5]")
_ITINERARY = "Itinerarios formativos/"


def digcompedu_code(code: str) -> str | None:
    """Return the DigCompEdu code an MRCDD code stands for, or None: MRCDD is DigCompEdu's 22 and its own 1.5."""
    return None if code == "1.5" or not _COMPETENCE.fullmatch(code) else code


def is_catedu(value: object) -> bool:
    """Say whether parsed JSON looks like the Aularagon course list."""
    return (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict) and {"Curso", "Horas"} <= value[0].keys()
    )


def read_catedu(courses: bytes, levels: bytes | None = None) -> CatalogueFile:
    """Read courses.json; tags of course-competence-level.csv, when given, are compared and differences warned of."""
    value = read_json(courses)
    if not isinstance(value, list) or not is_catedu(value):
        raise Unreadable("not an Aularagon course list")
    used: Counter[str] = Counter()
    rows: list[tuple[int, Mapping[str, object]]] = []
    errors: list[RowError] = []
    for number, entry in enumerate(value, start=1):
        if isinstance(entry, dict):
            rows.append((number, _course(entry, used)))
        else:
            errors.append(RowError(number, "row", "must be an object"))
    warnings = tuple(_differences(value, levels)) if levels is not None else ()
    return collect(rows, FORMAT, source=FORMAT, warnings=warnings, errors=errors)


def _course(entry: Mapping[str, object], used: Counter[str]) -> dict[str, object]:
    title = _text(entry, "Curso")
    # The list has no identifiers, and two courses of one name: the second is numbered.
    name = slug(title)
    used[name] += 1
    description = _text(entry, "Descripción")
    sections = [
        f"## {heading}\n\n{text}"
        for heading, key in (("Objetivos", "Objetivos"), ("Contenidos", "Contenidos"))
        if (text := _text(entry, key))
    ]
    labels = _text(entry, "Etiquetas")
    links = tuple(_links(entry))
    common = Counter(link.level for link in links if link.level).most_common(1)
    return {
        "external_id": (f"catedu:{name}" + (f"-{used[name]}" if used[name] > 1 else "")) if name else "",
        "title": title,
        "summary": description,
        "description": "\n\n".join(filter(None, [description, *sections])),
        "url": entry.get("Moodle_url"),
        "kind": "course",
        "modality": "self_paced",
        "minutes": _minutes(entry.get("Horas")),
        "level": _RESOURCE_LEVEL[common[0][0]] if common and common[0][0] else None,
        "topics": [part for part in labels.removeprefix(_ITINERARY).split("/") if part],
        "initiative": "Itinerarios formativos" if labels.startswith(_ITINERARY) else "",
        "competencies": links,
        "language": "es",
        "provider": "CATEDU Aularagón",
        "licence": "MIT",
        "attribution": "© 2022 CATEDU",
        "source": FORMAT,
    }


def _text(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    return value.strip() if isinstance(value, str) else ""


def _minutes(hours: object) -> object:
    return (
        round(hours * 60)
        if isinstance(hours, int | float) and not isinstance(hours, bool) and hours < 10_000
        else hours
    )


def _links(entry: Mapping[str, object]) -> Iterator[CompetencyLink]:
    for code, level in sorted(entry.items()):
        if _COMPETENCE.fullmatch(code) and level in LEVELS:
            yield CompetencyLink(FRAMEWORK, code, LEVELS.index(str(level)) + 1)


def _differences(courses: list[object], levels: bytes) -> Iterator[str]:
    """Compare the long form of the tags with those in the course list; rows are numbered from 0 there."""
    long_form = {
        (row.cells.get("row", ""), row.cells.get("competence", ""), row.cells.get("level", ""))
        for row in read_table(levels).rows
    }
    listed = {
        (str(number), link.code, LEVELS[(link.level or 1) - 1])
        for number, entry in enumerate(courses)
        if isinstance(entry, dict)
        for link in _links(entry)
    }
    if long_form != listed:
        only = len(long_form - listed), len(listed - long_form)
        yield f"competence levels: {only[0]} tags only in the table, {only[1]} only in the list, which was used"
