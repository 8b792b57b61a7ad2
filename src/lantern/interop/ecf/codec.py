"""Early Career Framework self-study materials: years of modules of lessons of parts, in Markdown with house marks.

A module becomes a course whose minutes are its lessons'; a lesson becomes a module that follows the one before it.
Lessons print the statements they teach by code, which become links to the framework `ecf`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lantern.engine.untrusted import read_json
from lantern.interop.catalogue.codec import CatalogueFile, CompetencyLink, Unreadable, collect

FORMAT = "ecf"
FRAMEWORK = "ecf"
_COMMON = {
    "modality": "self_paced",
    "subjects": ["pedagogy"],
    "initiative": "Early Career Framework",
    "cost": "0",
    "licence": "MIT; Crown copyright",
    "attribution": "© Department for Education",
    "source": FORMAT,
}
_STATEMENT = re.compile(r"\*\*([1-8])\.?([0-9]{1,2}|[a-z])\.?\*\*")
_VIDEO = re.compile(r"\$YoutubeVideo\[([^\]\n]*)\]\(([^)\s]*)\)\$EndYoutubeVideo")
_FIGURE = re.compile(r"\$Alt\s*([^$]*)\$EndAlt|\$URL[^$]*\$EndURL")
_ACCORDION_HEADING = re.compile(r"\$Heading\s*([^$\n]*?)\s*\$EndHeading")
_BUTTON = re.compile(r"\{/?button[^}\n]{0,20}\}")
_MARK = re.compile(
    r"\$(?:End)?(?:Accordion|Heading|Summary|Content|Figure|Alt|URL|Caption|CTA|YoutubeVideo|I)(?![a-zA-Z])"
)


def is_ecf(value: object) -> bool:
    """Say whether parsed JSON looks like one provider's self-study materials."""
    return isinstance(value, dict) and isinstance(value.get("years"), list) and "programme" in value


def read_ecf(providers: Mapping[str, bytes]) -> CatalogueFile:
    """Read the materials of each provider, by file name; rows are numbered over all modules and lessons in order."""
    raw: list[dict[str, object]] = []
    for name, data in providers.items():
        value = read_json(data)
        if not isinstance(value, dict) or not is_ecf(value):
            raise Unreadable("not Early Career Framework self-study materials", field=name)
        for year in _objects(value, "years"):
            for module in _objects(year, "modules"):
                raw.extend(_resources(str(value["programme"]), year, module))
    return collect(enumerate(raw, start=1), FORMAT, source=FORMAT)


def _objects(parent: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    value = parent.get(key)
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise Unreadable("must be a list of objects", field=key)
    return value


def _resources(provider: str, year: Mapping[str, object], module: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """Yield the module as a course, then its lessons by position, each after the one before."""
    lessons = sorted(_objects(module, "lessons"), key=_position)
    minutes = [lesson.get("minutes") for lesson in lessons]
    previous = module.get("previous_module_id")
    term = f"Year {year.get('year')}, {module.get('term')} term"
    listed = "\n".join(f"- {lesson.get('title')}" for lesson in lessons)
    summary = plain_markdown(str(module.get("summary") or ""))
    yield _COMMON | {
        "external_id": _identifier(module),
        "title": module.get("title"),
        "kind": "course",
        "summary": summary,
        "description": f"{summary}\n\n{term}.\n\n{listed}",
        "minutes": sum(number for number in minutes if isinstance(number, int)) or None,
        "provider": provider,
        "prerequisites": [f"ecf:{previous}"] if previous else [],
    }
    before = ""
    for lesson in lessons:
        yield _COMMON | _lesson(lesson, provider, f"{module.get('title')}. {term}.", before)
        before = _identifier(lesson)


def _lesson(lesson: Mapping[str, object], provider: str, place: str, before: str) -> dict[str, object]:
    parts = _objects(lesson, "parts")
    contents = [str(part.get("content") or "") for part in parts]
    return {
        "external_id": _identifier(lesson),
        "title": lesson.get("title"),
        "kind": "module",
        "summary": plain_markdown(str(lesson.get("ect_summary") or "")) or f"{place} {'; '.join(map(_title, parts))}.",
        "description": "\n\n".join(
            f"## {_title(part)}\n\n{plain_markdown(content)}" for part, content in zip(parts, contents, strict=True)
        ),
        "minutes": lesson.get("minutes"),
        "provider": provider,
        "competencies": tuple(dict.fromkeys(link for content in contents for link in _links(content))),
        "access_features": ["transcript"] if any("video transcript" in one.casefold() for one in contents) else [],
        "prerequisites": [before] if before else [],
    }


def _identifier(entry: Mapping[str, object]) -> str:
    return f"ecf:{entry['id']}" if entry.get("id") else ""


def _position(lesson: Mapping[str, object]) -> int:
    position = lesson.get("position")
    return position if isinstance(position, int) else 0


def _title(part: Mapping[str, object]) -> str:
    return " ".join(str(part.get("title") or "").split())


def _links(content: str) -> Iterator[CompetencyLink]:
    """Yield a link for each statement printed as **1.3** or **7h.**, the marks its lesson list uses."""
    return (CompetencyLink(FRAMEWORK, f"{area}.{statement}") for area, statement in _STATEMENT.findall(content))


def plain_markdown(content: str) -> str:
    """Return the Markdown without the publisher's marks: videos as links, accordions as headings, figures as text."""
    text = _VIDEO.sub(r"[Video: \1](\2)", content.replace("\r\n", "\n"))
    text = _ACCORDION_HEADING.sub(r"### \1", text)
    text = _FIGURE.sub(lambda match: f"*{match.group(1).strip()}*" if (match.group(1) or "").strip() else "", text)
    return re.sub(r"\n{3,}", "\n\n", _MARK.sub("", _BUTTON.sub("", text))).strip()
