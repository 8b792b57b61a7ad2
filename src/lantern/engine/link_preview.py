"""Reads what a web page says about itself, so that adding a link to the catalog starts with a filled-in form.

Three voices, the most exact first: schema.org JSON-LD, Open Graph tags, plain HTML. Pages are strangers' text: every
field is bounded and stripped, and garbage gives an empty preview, never an error.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from math import ceil
from typing import Any, Literal
from urllib.parse import urlsplit

Kind = Literal["external_course", "video", "podcast", "article", "book", "live_session", "module", "tool"]
"""The catalog's words for what a stranger's page can be."""

MAX_HTML = 1_000_000
MAX_TITLE = 200
MAX_DESCRIPTION = 1_000
MAX_MINUTES = 60_000
WORDS_PER_MINUTE = 230
"""Silent reading of English non-fiction by adults: mean 238 in Brysbaert (2019), rounded down for professional text."""

_MAX_TAGS, _MAX_TAG, _MAX_SCRIPTS, _MAX_SCRIPT, _MAX_THINGS = 1_000, 4_000, 20, 200_000, 500
_TAG = re.compile(r"<!--|<(html|meta|title|script|style|textarea)(?=[\s/>])", re.IGNORECASE)
_CLOSING = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("title", "script", "style", "textarea")}
_ATTRIBUTE = re.compile(r"""[\s/]*+([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+""")
_KINDS: dict[str, Kind] = {
    "Course": "external_course",
    "CourseInstance": "external_course",
    "LearningResource": "module",
    "SoftwareApplication": "tool",
    "WebApplication": "tool",
    "VideoObject": "video",
    "Movie": "video",
    "PodcastEpisode": "podcast",
    "PodcastSeries": "podcast",
    "AudioObject": "podcast",
    "Article": "article",
    "NewsArticle": "article",
    "BlogPosting": "article",
    "ScholarlyArticle": "article",
    "TechArticle": "article",
    "Report": "article",
    "Book": "book",
    "Audiobook": "book",
    "Event": "live_session",
    "EducationEvent": "live_session",
    "BusinessEvent": "live_session",
}
# When a page describes several things, the first of these is what it is about: an article may embed a video.
_PREFERRED: tuple[Kind, ...] = (
    "external_course",
    "podcast",
    "book",
    "live_session",
    "module",
    "tool",
    "article",
    "video",
)
_DURATION = re.compile(
    r"P(?:(\d{1,4}(?:\.\d{1,3})?)W)?(?:(\d{1,4}(?:\.\d{1,3})?)D)?"
    r"(?:T(?:(\d{1,5}(?:\.\d{1,3})?)H)?(?:(\d{1,6}(?:\.\d{1,3})?)M)?(?:(\d{1,7}(?:\.\d{1,3})?)S)?)?",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8}){0,2}")
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class LinkPreview:
    """What the page says of itself. Texts are plain, "" where it is silent; `minutes` is the time it takes to learn."""

    title: str
    description: str
    kind: Kind | None
    minutes: int | None
    site_name: str
    language: str


def read_preview(html: bytes, content_type: str, url: str) -> LinkPreview:
    """Read a preview from a fetched page of at most `MAX_HTML` bytes (the rest is not looked at). Never raises.

    `content_type` may carry a charset parameter. A page that is not HTML gives what its type and address tell.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in ("text/html", "application/xhtml+xml", ""):
        return LinkPreview("", "", _kind_of_type(media_type), None, _host(url), "")
    page = _Page(_decoded(html[:MAX_HTML], content_type))
    things = [thing for script in page.scripts for thing in _things(script)]
    main, kind = _main_thing(things)
    kind = kind or _kind_of_og(page.first("og:type"))
    return LinkPreview(
        title=_text(page.first("og:title") or _said(main, "headline", "name") or page.title, MAX_TITLE),
        description=_text(page.first("og:description", "description") or _said(main, "description"), MAX_DESCRIPTION),
        kind=kind,
        minutes=_minutes(main, kind) or _seconds_to_minutes(page.first("og:video:duration", "video:duration")),
        site_name=_text(page.first("og:site_name"), MAX_TITLE) or _host(url),
        language=_language(page.language or _said(main, "inLanguage") or page.first("og:locale")),
    )


class _Page:
    """The title, the meta tags and the JSON-LD of a page; nothing else is looked at.

    Not `html.parser`: on Python 3.11 an unclosed tag makes it take time growing with the square of the page: 28 s for
    50 KB of "<a ". This reader passes over the text once and stops at the first comment or script that never ends.
    """

    def __init__(self, text: str) -> None:
        self.title = ""
        self.language = ""
        self.scripts: list[str] = []
        self._metas: dict[str, str] = {}
        position = 0
        for _ in range(_MAX_TAGS):
            found = _TAG.search(text, position)
            if found is None:
                return
            position = self._take(text, found)

    def first(self, *names: str) -> str:
        """Give the first of the meta tags `names` that says something."""
        return next((self._metas[name] for name in names if self._metas.get(name)), "")

    def _take(self, text: str, found: re.Match[str]) -> int:
        """Use the tag `found` in `text` and give the position after it."""
        name = (found.group(1) or "").lower()
        if not name:
            return _after(text, text.find("-->", found.end()))
        given, position = _attributes(text, found.end())
        if name == "html":
            self.language = self.language or given.get("lang", "")
        elif name == "meta":
            about = (given.get("property") or given.get("name") or "").strip().lower()
            self._metas.setdefault(about, given.get("content", "").strip())
        else:
            closing = _CLOSING[name].search(text, position)
            if closing is None:
                return len(text)
            self._hear(name, given, text[position : closing.start()])
            return closing.end()
        return position

    def _hear(self, name: str, given: dict[str, str], content: str) -> None:
        if name == "title":
            self.title = self.title or unescape(content[:_MAX_TAG])
        elif name == "script" and given.get("type", "").strip().lower() == "application/ld+json":
            self.scripts += [content] if len(self.scripts) < _MAX_SCRIPTS else []


def _attributes(text: str, position: int) -> tuple[dict[str, str], int]:
    """Read the attributes that start at `position`, and give the position behind the last one."""
    end = min(len(text), position + _MAX_TAG)
    given: dict[str, str] = {}
    while match := _ATTRIBUTE.match(text, position, end):
        name, quoted, apostrophed, bare = match.groups()
        given.setdefault(name.lower(), unescape(quoted or apostrophed or bare or ""))
        position = match.end()
    close = text.find(">", position, end)
    return given, close + 1 if close >= 0 else position


def _after(text: str, found: int) -> int:
    return found + 3 if found >= 0 else len(text)


def _decoded(html: bytes, content_type: str) -> str:
    """Decode by the header's charset, else the page's own, else UTF-8; unreadable bytes become marks."""
    stated = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type, re.IGNORECASE)
    meta = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", html[:4096], re.IGNORECASE)
    charset = stated.group(1) if stated else meta.group(1).decode("ascii", "replace") if meta else "utf-8"
    try:
        return html.decode(charset, "replace")
    except (LookupError, ValueError):
        return html.decode("utf-8", "replace")


def _things(script: str) -> Iterator[dict[str, Any]]:
    """Give the schema.org objects of one script, outermost first, at most `_MAX_THINGS`."""
    if len(script) > _MAX_SCRIPT:
        return
    try:
        waiting: list[Any] = [json.loads(script)]
    except (ValueError, RecursionError):
        return
    seen = 0
    while waiting and seen < _MAX_THINGS:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, dict):
            yield value
            waiting += [value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage", "video") if key in value]
        elif isinstance(value, list):
            waiting += value[:_MAX_THINGS]


def _main_thing(things: list[dict[str, Any]]) -> tuple[dict[str, Any], Kind | None]:
    """Choose what the page is about, and its kind; an empty object if nothing on it is learnt from."""
    known: list[tuple[int, dict[str, Any], Kind]] = []
    for thing in things:
        kind = next((_KINDS[name] for name in _types(thing) if name in _KINDS), None)
        if kind is not None:
            known.append((_PREFERRED.index(kind), thing, kind))
    if not known:
        return {}, None
    _, thing, kind = min(known, key=lambda entry: entry[0])
    return thing, kind


def _types(thing: dict[str, Any]) -> list[str]:
    stated = thing.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return [name.rpartition("/")[2].rpartition(":")[2] for name in names[:20] if isinstance(name, str)]


def _said(thing: dict[str, Any], *keys: str) -> str:
    """Give the first text under `keys`; a list counts by its first text, an object by its name."""
    for key in keys:
        value = thing.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("name") or value.get("alternateName") or value.get("@value")
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _minutes(thing: dict[str, Any], kind: Kind | None) -> int | None:
    """Say how long the thing takes, from its duration or, for reading, from its number of words."""
    instances = thing.get("hasCourseInstance")
    instance = instances[0] if isinstance(instances, list) and instances else instances
    for source in (thing, instance):
        if isinstance(source, dict):
            for key in ("timeRequired", "duration", "courseWorkload"):
                if minutes := _duration(_said(source, key)):
                    return minutes
    words = thing.get("wordCount")
    if kind == "article" and isinstance(words, int | float | str) and re.fullmatch(r"\d{1,7}(\.0)?", str(words)):
        return _bounded(float(words) / WORDS_PER_MINUTE)
    return None


def _duration(stated: str) -> int | None:
    """Read an ISO 8601 duration into minutes, rounded up; a week counts as days of 24 hours, as the standard does."""
    match = _DURATION.fullmatch(stated.strip())
    if match is None:
        return None
    weeks, days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return _bounded((weeks * 7 + days) * 1440 + hours * 60 + minutes + seconds / 60)


def _seconds_to_minutes(stated: str) -> int | None:
    return _bounded(int(stated) / 60) if re.fullmatch(r"[0-9]{1,7}", stated) else None


def _bounded(minutes: float) -> int | None:
    return ceil(minutes) if 0 < minutes <= MAX_MINUTES else None


def _kind_of_og(stated: str) -> Kind | None:
    family = stated.strip().lower().partition(".")[0]
    kinds: dict[str, Kind] = {"video": "video", "article": "article", "book": "book", "books": "book"}
    return kinds.get(family)


def _kind_of_type(media_type: str) -> Kind | None:
    kinds: dict[str, Kind] = {"video": "video", "audio": "podcast"}
    return "article" if media_type == "application/pdf" else kinds.get(media_type.partition("/")[0])


def _text(raw: str, longest: int) -> str:
    """Make one line of plain text of it, cut at a word with an ellipsis."""
    line = " ".join(_INVISIBLE.sub(" ", raw[: longest * 20]).split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0] + "…"


def _language(raw: str) -> str:
    """Give a BCP 47 tag such as "en-US", or ""."""
    match = _LANGUAGE.fullmatch(raw.strip())
    return match.group(0).replace("_", "-") if match else ""


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")[:MAX_TITLE]
    except ValueError:
        return ""
