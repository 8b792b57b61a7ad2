"""The JSON of pathways (docs/admin/pathway-format.md): resources and competencies named as other systems know them.

Inside, each name stands in the outline as a short token; who carries a pathway in says what each token means here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from lantern.engine.pathway.outline import (
    MOST_LEVELS,
    MOST_ROUTES,
    TOP,
    UNFIT,
    Entry,
    Malformed,
    Section,
    as_json,
    read,
)
from lantern.engine.untrusted import Unreadable, read_json

__all__ = [
    "CompetencyName",
    "PathwayRecord",
    "PathwaysFile",
    "ResourceName",
    "Tokens",
    "Unreadable",
    "read_pathways_file",
    "write_pathways_file",
]

FORMAT, VERSION = "lantern-pathways", 1
MOST_PATHWAYS = 1000
TITLE_MOST, SUMMARY_MOST, SOURCE_MOST, ID_MOST = 160, 500, 300, 200
_FIELDS = frozenset({"id", "source", "title", "summary", "job_kinds", "level_from", "level_to", "outline"})


@dataclass(frozen=True, slots=True)
class ResourceName:
    """A resource as a file names it: by source and id, by Lantern's own id, or by its title where only one has it."""

    source: str = ""
    id: str = ""
    lantern: str = ""
    title: str = ""

    @property
    def words(self) -> str:
        """Return the name as it is told to somebody."""
        return f"{self.source} {self.id}".strip() or self.lantern or f"“{self.title}”"


@dataclass(frozen=True, slots=True)
class CompetencyName:
    """A competency by its framework (identifier or title) and its code or identifier there."""

    framework: str
    code: str

    @property
    def words(self) -> str:
        """Return the name as it is told to somebody."""
        return f"{self.code} of {self.framework}"


@dataclass(frozen=True, slots=True)
class PathwayRecord:
    """One pathway: what is said of it, its outline with tokens in the place of ids, and what the tokens name.

    `number` is its place in the file, from 1.
    """

    number: int
    id: str
    title: str
    outline: Section
    source: str = ""
    summary: str = ""
    job_kinds: tuple[str, ...] = ()
    level_from: int = 0
    level_to: int = 1
    resources: Mapping[str, ResourceName] = field(default_factory=dict)
    competencies: Mapping[str, CompetencyName] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PathwayError:
    """Why a pathway was refused: its place in the file, the place in it, the reason."""

    number: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class PathwaysFile:
    """The pathways that can be read, and why others cannot."""

    records: tuple[PathwayRecord, ...]
    errors: tuple[PathwayError, ...]


Name = TypeVar("Name", ResourceName, CompetencyName)


class Tokens:
    """Gives each name a token, the same for the same name."""

    def __init__(self) -> None:
        self.resources: dict[str, ResourceName] = {}
        self.competencies: dict[str, CompetencyName] = {}
        self._of: dict[ResourceName | CompetencyName, str] = {}

    def resource(self, name: ResourceName) -> str:
        """Return the token of a resource."""
        return self._token(self.resources, name, "r")

    def competency(self, name: CompetencyName) -> str:
        """Return the token of a competency."""
        return self._token(self.competencies, name, "c")

    def _token(self, known: dict[str, Name], name: Name, letter: str) -> str:
        found = self._of.get(name)
        if found is None:
            found = self._of[name] = f"{letter}{len(known) + 1}"
            known[found] = name
        return found


class _Refused(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def read_pathways_file(data: bytes) -> PathwaysFile:
    """Read a file of pathways; one that does not fit is refused with its place, the others are read. Raises
    `Unreadable` where the file as a whole cannot be read.
    """
    value = read_json(data)
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise Unreadable(f'is no file of pathways: "format" has to be "{FORMAT}"', field="format")
    if value.get("version") != VERSION:
        raise Unreadable(f"version {VERSION} is read here", field="version")
    listed = value.get("pathways")
    if not isinstance(listed, list) or len(listed) > MOST_PATHWAYS:
        raise Unreadable(f"is a list of at most {MOST_PATHWAYS}", field="pathways")
    records: list[PathwayRecord] = []
    errors: list[PathwayError] = []
    seen: dict[tuple[str, str], int] = {}
    for number, one in enumerate(listed, start=1):
        try:
            record = _record(number, one)
            first = seen.setdefault((record.source, record.id), number)
            if first != number:
                raise _Refused("id", f"{record.id} is pathway {first} of this file already")
        except _Refused as problem:
            errors.append(PathwayError(number, problem.field, problem.reason))
        else:
            records.append(record)
    return PathwaysFile(tuple(records), tuple(errors))


def _record(number: int, value: object) -> PathwayRecord:
    if not isinstance(value, dict):
        raise _Refused("pathway", "is no object")
    unknown = sorted(str(name) for name in value if name not in _FIELDS)
    if unknown:
        raise _Refused(UNFIT.sub("?", unknown[0][:60]), "is not known here")
    tokens = Tokens()
    try:
        whole = value.get("outline")
        if isinstance(whole, dict) and isinstance(whole.get("key"), str):
            whole = whole | {"key": TOP}  # the whole has one name everywhere, whatever a file calls it
        outline = read(_inside(whole, tokens, TOP))
    except Malformed as problem:
        raise _Refused(f"outline {problem.where}", problem.reason) from None
    kinds = value.get("job_kinds", [])
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds) or len(kinds) > 50:
        raise _Refused("job_kinds", "is a list of kinds of work")
    return PathwayRecord(
        number=number,
        id=_text(value, "id", ID_MOST, needed=True),
        title=_text(value, "title", TITLE_MOST, needed=True),
        outline=outline,
        source=_text(value, "source", SOURCE_MOST),
        summary=_text(value, "summary", SUMMARY_MOST),
        job_kinds=tuple(kinds),
        level_from=_level(value, "level_from", 0),
        level_to=_level(value, "level_to", 1),
        resources=tokens.resources,
        competencies=tokens.competencies,
    )


def _inside(value: object, tokens: Tokens, where: str) -> object:
    """Return a part with tokens in the place of names; what is no name is left for the reader of outlines to refuse."""
    if not isinstance(value, dict):
        return value
    found = dict(value)
    if isinstance(value.get("parts"), list):
        found["parts"] = [_inside(one, tokens, f"{where}.{n}") for n, one in enumerate(value["parts"], start=1)]
    if isinstance(value.get("routes"), list):
        if len(value["routes"]) > MOST_ROUTES:
            raise _Refused(f"outline {where}", f"a step has at most {MOST_ROUTES} routes")
        found["routes"] = [tokens.resource(_resource(one, where)) for one in value["routes"]]
    if isinstance(value.get("levels"), list) and len(value["levels"]) <= MOST_LEVELS:
        found["levels"] = [_at_level(one, tokens, where) for one in value["levels"]]
    if value.get("check"):
        found["check"] = tokens.competency(_competency(value["check"], where))
    return found


def _at_level(value: object, tokens: Tokens, where: str) -> object:
    if not isinstance(value, dict):
        return value
    rest = {name: one for name, one in value.items() if name not in ("framework", "code")}
    return rest | {"competency": tokens.competency(_competency(value, where))}


def _resource(value: object, where: str) -> ResourceName:
    names = ("source", "id", "lantern", "title")
    if isinstance(value, dict) and value.keys() <= set(names) and all(map(_is_text, value.values())):
        found = ResourceName(**{name: value.get(name, "").strip()[:300] for name in names})
        if found.id or found.lantern or found.title:
            return found
    raise _Refused(f"outline {where}", "a route names a resource by source and id, or by its title")


def _competency(value: object, where: str) -> CompetencyName:
    framework = value.get("framework") if isinstance(value, dict) else None
    code = value.get("code") if isinstance(value, dict) else None
    if not _is_text(framework) or not _is_text(code) or not str(framework).strip() or not str(code).strip():
        raise _Refused(f"outline {where}", "a competency is named by framework and code")
    return CompetencyName(str(framework).strip()[:300], str(code).strip()[:200])


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not UNFIT.search(value)


def _text(value: Mapping[str, object], name: str, most: int, needed: bool = False) -> str:
    found = value.get(name, "")
    if not isinstance(found, str) or len(found) > most:
        raise _Refused(name, f"is text of at most {most} characters")
    if UNFIT.search(found):
        raise _Refused(name, "holds characters that are no text")
    if needed and not found.strip():
        raise _Refused(name, "is empty")
    return found.strip()


def _level(value: Mapping[str, object], name: str, usual: int) -> int:
    found = value.get(name, usual)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= 4:
        raise _Refused(name, "is a whole number from 0 to 4")
    return found


def write_pathways_file(records: Iterable[PathwayRecord]) -> bytes:
    """Write pathways as a file that `read_pathways_file` reads again as they were."""
    listed = [_plain(record) for record in records]
    whole = {"format": FORMAT, "version": VERSION, "pathways": listed}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(record: PathwayRecord) -> dict[str, object]:
    said: dict[str, object] = {"id": record.id}
    said |= {"source": record.source} if record.source else {}
    said |= {"title": record.title, "summary": record.summary, "job_kinds": list(record.job_kinds)}
    said |= {"level_from": record.level_from, "level_to": record.level_to}
    return said | {"outline": _outside(as_json(record.outline), record)}


def _outside(value: dict[str, object], record: PathwayRecord) -> dict[str, object]:
    found = dict(value)
    parts, routes, levels = value.get("parts"), value.get("routes"), value.get("levels")
    if isinstance(parts, list):
        found["parts"] = [_outside(one, record) for one in parts]
    if isinstance(routes, list):
        found["routes"] = [_named(record.resources[one]) for one in routes]
    if isinstance(levels, list):
        found["levels"] = [_about(record.competencies[one["competency"]]) | {"level": one["level"]} for one in levels]
    if "check" in value:
        found["check"] = _about(record.competencies[str(value["check"])])
    return found


def _named(name: ResourceName) -> dict[str, str]:
    pairs = {"source": name.source, "id": name.id, "lantern": name.lantern, "title": name.title}
    return {key: text for key, text in pairs.items() if text}


def _about(name: CompetencyName) -> dict[str, object]:
    return {"framework": name.framework, "code": name.code}


def renamed(outline: Section, resources: Mapping[str, str], competencies: Mapping[str, str]) -> Section:
    """Return an outline with other names for its routes and competencies; all have to be in the tables."""

    def entry(one: Entry) -> Entry:
        return replace(
            one,
            routes=tuple(dict.fromkeys(resources[route] for route in one.routes)),
            levels=tuple(replace(level, competency=competencies[level.competency]) for level in one.levels),
            check=competencies[one.check] if one.check else "",
        )

    def section(one: Section) -> Section:
        parts = tuple(section(part) if isinstance(part, Section) else entry(part) for part in one.parts)
        return replace(one, parts=parts)

    return section(outline)
