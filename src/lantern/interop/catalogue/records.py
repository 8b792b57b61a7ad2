"""The catalogue record: one thing to learn from, whatever catalogue it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lantern.engine.untrusted import html_to_markdown, html_to_text, looks_like_html
from lantern.interop.catalogue import fields
from lantern.interop.catalogue.fields import FieldProblem

# Each kind and the way it is usually taken, for rows that name no modality.
USUAL_MODALITY: Mapping[str, str] = {
    "course": "self_paced", "module": "self_paced", "live_session": "live_online", "video": "self_paced",
    "podcast": "self_paced", "article": "self_paced", "book": "self_paced", "conference": "in_person",
    "community": "hybrid", "coaching": "on_the_job", "external_course": "self_paced", "tool": "self_paced",
}  # fmt: skip
KINDS = tuple(USUAL_MODALITY)
MODALITIES = ("self_paced", "live_online", "in_person", "hybrid", "on_the_job")
ACCESS_FEATURES = (
    "captions", "transcript", "audio_description", "keyboard", "screen_reader", "large_print", "sign_language",
    "low_bandwidth",
)  # fmt: skip
EVIDENCE_TIERS = ("strong", "moderate", "promising", "rationale", "none")
MAX_DESCRIPTION = 200_000


@dataclass(frozen=True, slots=True)
class CompetencyLink:
    """A claim that a resource builds a competency, at a level of its framework's scale (0 to 6) if the source says one.

    `framework` is a code such as `digcompedu` or a CASE document identifier; `code` is the human coding scheme.
    """

    framework: str
    code: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class CatalogueRecord:
    """One resource. `level`: 1 starting, 2 building, 3 applying, 4 leading; `description` is Markdown to be sanitised.

    `url` is empty or plain http(s); `subjects` and `topics` are slugs; `cost_cents` is None if unknown and 0 if free.
    """

    external_id: str
    title: str
    kind: str
    modality: str
    summary: str = ""
    description: str = ""
    url: str = ""
    minutes: int | None = None
    level: int | None = None
    grades: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    competencies: tuple[CompetencyLink, ...] = ()
    language: str = "en"
    cost_cents: int | None = None
    currency: str = ""
    provider: str = ""
    access_features: tuple[str, ...] = ()
    initiative: str = ""
    credit_hours: Decimal | None = None
    credit_type: str = ""
    prerequisites: tuple[str, ...] = ()
    published: date | None = None
    licence: str = ""
    attribution: str = ""
    evidence_tier: str = ""
    source: str = ""


def build_record(raw: Mapping[str, object]) -> CatalogueRecord:
    """Make a record of raw fields (text, number, list), checked and normalised; `FieldProblem` names a bad one."""
    external_id = fields.text("external_id", raw.get("external_id"), 200)
    title = html_to_text(fields.text("title", raw.get("title"), 500))
    kind = fields.choice("kind", raw.get("kind"), KINDS)
    for field, value in (("external_id", external_id), ("title", title), ("kind", kind)):
        if not value:
            raise FieldProblem(field, "is missing")
    cost_cents, currency = _cost(raw)
    prerequisites = fields.parts("prerequisites", raw.get("prerequisites"))
    if external_id in prerequisites:
        raise FieldProblem("prerequisites", "names the resource itself")
    return CatalogueRecord(
        external_id=external_id,
        title=title,
        kind=kind,
        modality=fields.choice("modality", raw.get("modality"), MODALITIES) or USUAL_MODALITY[kind],
        summary=html_to_text(fields.text("summary", raw.get("summary"), 20_000)),
        description=_markdown(fields.text("description", raw.get("description"), MAX_DESCRIPTION)),
        url=fields.web_address("url", raw.get("url")),
        minutes=fields.whole("minutes", raw.get("minutes"), 1, 100_000),
        level=fields.whole("level", raw.get("level"), 1, 4),
        grades=fields.grades("grades", raw.get("grades")),
        subjects=fields.slugs("subjects", raw.get("subjects")),
        topics=fields.slugs("topics", raw.get("topics")),
        competencies=_competencies(raw.get("competencies")),
        language=fields.language("language", raw.get("language")),
        cost_cents=cost_cents,
        currency=currency,
        provider=fields.text("provider", raw.get("provider"), 200),
        access_features=_access_features(raw.get("access_features")),
        initiative=fields.text("initiative", raw.get("initiative"), 200),
        credit_hours=fields.decimal("credit_hours", raw.get("credit_hours"), 10_000),
        credit_type=fields.text("credit_type", raw.get("credit_type"), 100),
        prerequisites=prerequisites,
        published=fields.day("published", raw.get("published")),
        licence=fields.text("licence", raw.get("licence"), 300),
        attribution=fields.text("attribution", raw.get("attribution"), 1000),
        evidence_tier=fields.choice("evidence_tier", raw.get("evidence_tier"), EVIDENCE_TIERS),
        source=fields.text("source", raw.get("source"), 300),
    )


def _markdown(written: str) -> str:
    return html_to_markdown(written) if looks_like_html(written) else written.replace("\r\n", "\n")


def _cost(raw: Mapping[str, object]) -> tuple[int | None, str]:
    cost = fields.decimal("cost", raw.get("cost"), 10_000_000)
    currency = fields.text("currency", raw.get("currency"), 20).upper()
    if currency and not re.fullmatch("[A-Z]{3}", currency):
        raise FieldProblem("currency", f"{currency!r} is not a three-letter currency code such as USD")
    if cost and not currency:
        raise FieldProblem("currency", "is needed with a cost")
    return (None if cost is None else int(cost * 100)), currency


def _access_features(value: object) -> tuple[str, ...]:
    entries = fields.parts("access_features", value)
    found = {fields.choice("access_features", entry, ACCESS_FEATURES) for entry in entries}
    return tuple(feature for feature in ACCESS_FEATURES if feature in found)


def _competencies(value: object) -> tuple[CompetencyLink, ...]:
    if isinstance(value, list | tuple):
        links = [_competency(entry) for entry in value]
    else:
        links = [_competency(entry) for entry in fields.parts("competencies", value)]
    return tuple(dict.fromkeys(links))


def _competency(entry: object) -> CompetencyLink:
    """Read `framework:code` or `framework:code@level`, or an object with those three names."""
    if isinstance(entry, CompetencyLink):
        return entry
    if isinstance(entry, dict):
        framework, code, level = (entry.get(name) for name in ("framework", "code", "level"))
    else:
        written, _, level = fields.text("competencies", entry, 300).partition("@")
        framework, _, code = written.partition(":")
    names = [fields.text("competencies", part, 200) for part in (framework, code)]
    if not all(names):
        raise FieldProblem("competencies", f"{str(entry)[:60]!r} is not written framework:code or framework:code@level")
    return CompetencyLink(names[0], names[1], fields.whole("competencies", level, 0, 6))
