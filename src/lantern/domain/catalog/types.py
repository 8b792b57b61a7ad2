"""The closed lists of the catalog (docs/admin/catalogue-format.md explains each)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypedDict
from uuid import UUID


class Kind(StrEnum):
    """What a resource is."""

    COURSE = "course"
    MODULE = "module"
    LIVE_SESSION = "live_session"
    VIDEO = "video"
    PODCAST = "podcast"
    ARTICLE = "article"
    BOOK = "book"
    CONFERENCE = "conference"
    COMMUNITY = "community"
    COACHING = "coaching"
    EXTERNAL_COURSE = "external_course"
    TOOL = "tool"


KIND_WORDS: dict[str, str] = {
    "course": "Course",
    "module": "Module",
    "live_session": "Live session",
    "video": "Video",
    "podcast": "Podcast",
    "article": "Article",
    "book": "Book",
    "conference": "Conference",
    "community": "Community",
    "coaching": "Coaching",
    "external_course": "Course elsewhere",
    "tool": "Tool",
}


class Modality(StrEnum):
    """How it reaches the educator."""

    SELF_PACED = "self_paced"
    LIVE_ONLINE = "live_online"
    IN_PERSON = "in_person"
    HYBRID = "hybrid"
    ON_THE_JOB = "on_the_job"


MODALITY_WORDS: dict[str, str] = {
    "self_paced": "Any time, on your own",
    "live_online": "Live, online",
    "in_person": "In person",
    "hybrid": "In person and online",
    "on_the_job": "In your classroom",
}

LEVEL_WORDS: dict[int, str] = {1: "Starting", 2: "Building", 3: "Applying", 4: "Leading others"}

ACCESS_FEATURES: dict[str, str] = {
    "captions": "Captions",
    "transcript": "Transcript",
    "audio_description": "Audio description",
    "keyboard": "Works by keyboard",
    "screen_reader": "Works with a screen reader",
    "large_print": "Large print",
    "sign_language": "Sign language",
    "low_bandwidth": "Works on a slow line",
}


USUAL_MODALITY: dict[str, str] = {
    "live_session": "live_online",
    "conference": "in_person",
    "community": "hybrid",
    "coaching": "on_the_job",
}
"""How a kind is usually taken, where nobody said; every other kind is self-paced."""


class EvidenceTier(StrEnum):
    """How well it is known to work, in the four tiers of the ESSA guidance; `none` is looked at and nothing found, and
    an empty value means that nobody has looked at it yet (A.3, A.5).
    """

    STRONG = "strong"
    MODERATE = "moderate"
    PROMISING = "promising"
    RATIONALE = "rationale"
    NONE = "none"


EVIDENCE_WORDS: dict[str, str] = {
    "strong": "Strong: experiments show that it helps",
    "moderate": "Moderate: comparison studies show that it helps",
    "promising": "Promising: studies show signs that it helps",
    "rationale": "A sound reason, not yet a study",
    "none": "Looked at, and nothing shows yet that it helps",
}
UNVETTED = "unvetted"
UNVETTED_WORDS = "Not vetted yet"
EVIDENCE_NAME = "How well it is known to work"


def evidence_words(tier: str) -> str:
    """Return a tier as a page says it; what nobody has looked at is marked so."""
    return EVIDENCE_WORDS.get(tier, UNVETTED_WORDS)


class Scheme(StrEnum):
    """Which list of the taxonomy a term belongs to."""

    TOPIC = "topic"
    SUBJECT = "subject"


class Status(StrEnum):
    """Draft is seen by those who manage the catalog; retired stays on plans and transcripts but is not offered."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


BAND_WORDS: dict[str, str] = {
    "15": "Up to 15 minutes",
    "45": "15 to 45 minutes",
    "120": "45 minutes to 2 hours",
    "more": "More than 2 hours",
}
COST_WORDS: dict[str, str] = {"free": "Free", "paid": "Has a cost"}
STATUS_WORDS: dict[str, str] = {"draft": "Draft", "published": "Published", "retired": "Retired"}
SCHEME_WORDS: dict[str, str] = {"topic": "Topics", "subject": "Subjects"}

FACETS: dict[str, str] = {
    "kind": "Kind",
    "minutes": "Time it takes",
    "modality": "How it reaches you",
    "level": "Level",
    "grade": "Grades",
    "subject": "Subject",
    "topic": "Topic",
    "competency": "Competency",
    "language": "Language",
    "cost": "Cost",
    "evidence": EVIDENCE_NAME,
    "provider": "Provider",
    "access": "Access",
    "initiative": "District aim",
}
"""Every dimension one can filter by, in the order of the page, with its words."""

SORTS: dict[str, str] = {"best": "Best match", "newest": "Newest", "shortest": "Shortest", "title": "Title"}
PAGE_SIZE = 24
MAX_VALUES = 40


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: words, chosen values of each facet (within one: any of them; between: all), order and page.

    Values are text: closed words, grades, ids of terms, competencies and initiatives, names of providers. A value
    that is not
    known matches nothing.
    """

    q: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "best"
    page: int = 1
    verbatim: bool = False
    opened: str = ""

    @classmethod
    def of(cls, filters: Mapping[str, object]) -> Search:
        """Return a search from loose text values (an address, or what was saved); what is not a facet or sort is
        left out.
        """
        chosen = {}
        for name in FACETS:
            raw = filters.get(name)
            values = [raw] if isinstance(raw, str) else list(raw) if isinstance(raw, list | tuple) else []
            kept = tuple(dict.fromkeys(str(value)[:200] for value in values if str(value)))[:MAX_VALUES]
            if kept:
                chosen[name] = kept
        sort = str(filters.get("sort") or "best")
        page = str(filters.get("page") or "1")
        return cls(
            q=" ".join(str(filters.get("q") or "").split())[:400],
            chosen=chosen,
            sort=sort if sort in SORTS else "best",
            page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
            verbatim=str(filters.get("verbatim") or "") == "1",
            opened=str(filters.get("open") or "") if filters.get("open") in FACETS else "",
        )

    def filters(self) -> dict[str, object]:
        """Return what is worth saving: words, values and order, as plain JSON."""
        kept: dict[str, object] = {name: list(values) for name, values in self.chosen.items()}
        if self.q:
            kept["q"] = self.q
        if self.sort != "best":
            kept["sort"] = self.sort
        return kept

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is asked for."""
        return not self.q and not self.chosen


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet: how many would be found with it, under everything else that is chosen."""

    value: str
    label: str
    count: int
    on: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One dimension with its options; `hidden` counts those left out of a long list."""

    name: str
    label: str
    options: tuple[Option, ...]
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of what was found, and the true counts of every facet."""

    search: Search
    resources: tuple[Any, ...]
    total: int
    facets: tuple[Facet, ...]
    chips: tuple[tuple[str, str, str], ...] = ()
    corrected: str | None = None
    unmatched: tuple[str, ...] = ()
    by_meaning: int = 0
    """How many of them hold none of the words and are only near in meaning."""
    offered: int = 0
    """How many resources there are to search among."""


@dataclass(frozen=True, slots=True)
class CompetencyRef:
    """A claim of a catalogue: builds this competency, at a level of its framework's scale.

    `also` are other names to try.
    """

    framework: str
    code: str
    level: int | None = None
    also: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceData:
    """One row to import, well-formed but not yet known to fit: its terms, competencies and initiative are names
    still.
    """

    row: int
    external_id: str
    source: str
    kind: str
    modality: str
    title: str
    summary: str = ""
    description: str = ""
    url: str = ""
    minutes: int | None = None
    level: int | None = None
    grades: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    competencies: tuple[CompetencyRef, ...] = ()
    language: str = "en"
    cost_cents: int | None = None
    currency: str = ""
    provider: str = ""
    access_features: tuple[str, ...] = ()
    initiative: str = ""
    credit_type: str = ""
    credit_minutes: int | None = None
    prerequisites: tuple[str, ...] = ()
    published_on: date | None = None
    licence: str = ""
    attribution: str = ""
    evidence_tier: str = ""
    """Left empty, a tier that somebody gave here stays."""


@dataclass(frozen=True, slots=True)
class RowRefused:
    """Why a row was left out: its number, the field, the reason."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did, or would do (dry run)."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: tuple[RowRefused, ...] = ()
    warnings: tuple[str, ...] = ()
    new_terms: tuple[str, ...] = ()


class ResourceFacts(TypedDict, total=False):
    """What may be said of a resource beside its kind and title; what is left out keeps its value, or the usual one."""

    modality: str
    summary: str
    description: str
    url: str
    minutes: int | None
    level: int | None
    grades: Iterable[str]
    term_ids: Iterable[UUID]
    competencies: Iterable[tuple[UUID, int | None]]
    prerequisite_ids: Iterable[UUID]
    language: str
    cost_cents: int | None
    currency: str
    provider: str
    access_features: Iterable[str]
    initiative_id: UUID | None
    credit_type: str
    credit_minutes: int | None
    licence: str
    attribution: str
    published_on: date | None
    evidence_tier: str


class ResourceFields(ResourceFacts, total=False):
    """Everything that may be changed of a resource."""

    kind: str
    title: str
