"""England's National Centre for Computing Education: its course list, community activities and pathways.

Durations in days count five teaching hours, as the centre's own descriptions do; durations in weeks say nothing about
effort and give no minutes. Credits are the centre's points, not hours, and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lantern.engine.untrusted import Row, read_json, read_table
from lantern.interop.catalogue.codec import CatalogueFile, Unreadable, collect

FORMAT = "ncce"
PROVIDER = "National Centre for Computing Education"
LICENCE = "Open Government Licence v3.0"
ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."
_NEEDED = frozenset({"id", "code", "title", "mode", "workstream"})
_MINUTES = {"Minutes": 1, "Hours": 60, "Days": 300}
_MODES = {
    "live remote": ("live_session", "live_online"),
    "face to face": ("course", "in_person"),
    "online self-paced": ("course", "self_paced"),
}
# English pupils' ages and stages as the grades they would be in.
_GRADES = {
    "4-5 years": "PK", "EYFS": "PK", "5-7 years": "K-1", "Key stage 1": "K-1", "7-11 years": "2-5",
    "Key stage 2": "2-5",
    "11-14 years": "6-8", "Key stage 3": "6-8", "14-16 years": "9-10", "Key stage 4": "9-10", "16-19 years": "11-12",
    "Post 16": "11-12",
}  # fmt: skip
_SECTIONS = (
    ("outcomes", "What you will learn"),
    ("topics", "Topics"),
    ("whofor", "Who it is for"),
    ("how", "How it works"),
    ("howlong", "How long it takes"),
)
_ACTIVITY_KINDS = {"community": "community", "action": "coaching", "diagnostic": "tool", "assessment": "tool"}


@dataclass(frozen=True, slots=True)
class Pathway:
    """A named sequence through the catalogue: courses the file has, in order, and names it has not."""

    slug: str
    title: str
    programme: str
    courses: tuple[str, ...]
    unresolved: tuple[str, ...]


def is_ncce_header(columns: Mapping[str, str]) -> bool:
    """Say whether a table's column keys are those of the centre's course list."""
    return columns.keys() >= _NEEDED


def read_ncce(courses: bytes, activities: bytes | None = None) -> CatalogueFile:
    """Read courses.csv and, when given, the community activities and tools of activities.json.

    Activities that are sittings of courses have no more than a title and are counted in a warning instead.
    """
    table = read_table(courses)
    if not is_ncce_header(table.columns):
        raise Unreadable("not the course list of the National Centre for Computing Education", row=1)
    rows = [(row.number, _course(row)) for row in table.rows]
    warnings = [
        *table.warnings,
        *(
            f"row {row.number}: {row.cells.get('title', '')!r} has no course code"
            for row in table.rows
            if not row.cells["code"]
        ),
    ]
    if activities is not None:
        extra, passed_over = _activities(read_json(activities), after=rows[-1][0] if rows else 1)
        rows.extend(extra)
        warnings.append(f"activities: {passed_over} sittings of courses and repeats were passed over")
    return collect(rows, FORMAT, source=FORMAT, warnings=warnings)


def read_pathways(data: bytes, courses: bytes) -> tuple[Pathway, ...]:
    """Read pathways.json, its course codes and template numbers resolved to external ids of `read_ncce`."""
    known: dict[str, str] = {}
    for row in read_table(courses).rows:
        external_id = f"ncce:{row.cells['id']}"
        known |= {name.casefold(): external_id for name in (row.cells["id"], row.cells["code"]) if name}
    value = read_json(data)
    entries = value if isinstance(value, list) else []
    return tuple(_pathway(entry, known) for entry in entries if isinstance(entry, dict))


def _pathway(entry: Mapping[str, object], known: Mapping[str, str]) -> Pathway:
    lists = (entry.get("course_codes"), entry.get("course_template_nos"))
    names = [str(name) for names in lists if isinstance(names, list) for name in names]
    return Pathway(
        slug=str(entry.get("slug", "")),
        title=str(entry.get("title", "")),
        programme=str(entry.get("programme", "")),
        courses=tuple(known[name.casefold()] for name in names if name.casefold() in known),
        unresolved=tuple(name for name in names if name.casefold() not in known),
    )


def _course(row: Row) -> dict[str, object]:
    cell = row.cells
    kind, modality = _MODES.get(cell["mode"], (cell["mode"], ""))
    sections = [f"## {heading}\n\n{_paragraphs(cell[key])}" for key, heading in _SECTIONS if cell.get(key)]
    return {
        "external_id": f"ncce:{cell['id']}" if cell["id"] else "",
        "title": cell["title"],
        "summary": _first_words(cell.get("summary", "")),
        "description": "\n\n".join([_paragraphs(cell.get("summary", "")), *sections]),
        "url": cell.get("bookingurl", ""),
        "kind": kind,
        "modality": modality,
        "minutes": _minutes(cell.get("duration", ""), cell.get("durationunit", "")),
        "grades": [_GRADES.get(group, group) for group in cell.get("agegroups", "").split("; ")],
        "subjects": cell.get("subjects", ""),
        "provider": PROVIDER,
        "initiative": cell.get("programmetag", "").split(",")[0] or cell["workstream"],
        "published": _changed(cell.get("changed", "")),
        "licence": LICENCE,
        "attribution": ATTRIBUTION,
        "source": FORMAT,
    }


def _minutes(duration: str, unit: str) -> str:
    if not duration or unit not in _MINUTES:
        return ""
    return str(int(duration) * _MINUTES[unit]) if duration.isdecimal() else duration


def _changed(written: str) -> str:
    """Turn 16/08/2021 with a time into 2021-08-16; anything else is left for the gate to judge."""
    found = re.match(r"([0-9]{2})/([0-9]{2})/([0-9]{4})\b", written)
    return "-".join(reversed(found.groups())) if found else written


def _paragraphs(written: str) -> str:
    return "\n\n".join(filter(None, map(str.strip, written.splitlines())))


def _first_words(written: str) -> str:
    """Return the first sentences of a text, up to about 300 characters."""
    plain = " ".join(written.split())
    if len(plain) <= 300:
        return plain
    cut = max(plain.rfind(end, 80, 300) for end in (". ", "! ", "? "))
    return plain[: cut + 1] if cut > 0 else plain[:300].rsplit(" ", 1)[0] + "…"


def _activities(value: object, after: int) -> tuple[list[tuple[int, dict[str, object]]], int]:
    if not isinstance(value, list):
        raise Unreadable("must be a list", field="activities")
    rows: list[tuple[int, dict[str, object]]] = []
    slugs: set[str] = set()
    for entry in value:
        category = entry.get("category") if isinstance(entry, dict) else None
        slug = str(entry.get("slug", "")) if isinstance(entry, dict) else ""
        if category not in _ACTIVITY_KINDS or slug in slugs:
            continue
        slugs.add(slug)
        rows.append((after + len(rows) + 1, _activity(entry, slug, _ACTIVITY_KINDS[category])))
    return rows, len(value) - len(rows)


def _activity(entry: Mapping[str, object], slug: str, kind: str) -> dict[str, object]:
    description = str(entry.get("description") or "")
    programmes = entry.get("programmes")
    first_link = re.search(r'href="(https?://[^"\s]+)"', description)
    return {
        "external_id": f"ncce:activity:{slug}",
        "title": entry.get("title"),
        "kind": kind,
        "description": description,
        "summary": description,
        "url": first_link.group(1) if first_link else "",
        "subjects": ["Computing"],
        "initiative": str(next(iter(programmes), "")) if isinstance(programmes, list) else "",
        "provider": entry.get("provider"),
        "licence": LICENCE,
        "attribution": ATTRIBUTION,
        "source": FORMAT,
    }
