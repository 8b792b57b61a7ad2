"""RSS, Atom and podcast feeds as catalogue records, and OPML lists of feeds. Nothing is ever fetched.

Feeds that declare entities are refused before any parser expands them.
"""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import defusedxml.ElementTree
import feedparser
from defusedxml.common import DefusedXmlException

from lantern.engine.untrusted import decode, html_to_text
from lantern.interop.catalogue.codec import CatalogueFile, Unreadable, collect

FORMAT = "feed"
MAX_FEED_BYTES = 10 * 1024 * 1024
MAX_ENTRIES = 5_000
_VIDEO_HOSTS = re.compile(r"^https?://(?:www\.|m\.)?(?:youtube\.com|youtu\.be|vimeo\.com)/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """One feed an OPML list names."""

    title: str
    feed_url: str
    site_url: str
    folder: str


def is_feed(head: str) -> bool:
    """Say whether the start of a text is that of an RSS, RDF or Atom feed."""
    return bool(re.search(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]", head))


def read_feed(data: bytes, source: str) -> CatalogueFile:
    """Read a feed's entries as podcasts, videos or articles; `source` says where it came from.

    Entries without a title, without id and link, or with an unsafe link are refused one by one. Raises `Unreadable` for
    what is no feed.
    """
    _refuse_entities(data)
    # A stream, never the bytes themselves: feedparser would take those for a file's name first.
    parsed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.get("version"):
        raise Unreadable("neither RSS nor Atom")
    feed: Mapping[str, Any] = parsed.feed
    warnings = [f"the feed is not well-formed XML ({parsed.bozo_exception})"] if parsed.bozo else []
    if len(parsed.entries) > MAX_ENTRIES:
        warnings.append(f"{len(parsed.entries):,} entries; only the first {MAX_ENTRIES:,} were read")
    rows = ((number, _entry(entry, feed, source)) for number, entry in enumerate(parsed.entries[:MAX_ENTRIES], start=1))
    return collect(rows, FORMAT, source=source, warnings=warnings)


def _refuse_entities(data: bytes) -> None:
    if len(data) > MAX_FEED_BYTES:
        raise Unreadable(f"the feed is {len(data):,} bytes; at most {MAX_FEED_BYTES:,} are read")
    try:
        defusedxml.ElementTree.fromstring(data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise Unreadable("the feed declares entities, which are refused") from error
    except (defusedxml.ElementTree.ParseError, ValueError, LookupError):
        # Not well-formed: the lenient parser may still read it, so look for declarations in any encoding ourselves.
        if b"<!ENTITY" in data.replace(b"\x00", b"").upper():
            raise Unreadable("the feed declares entities, which are refused") from None


def _entry(entry: Mapping[str, Any], feed: Mapping[str, Any], source: str) -> dict[str, object]:
    link = str(entry.get("link") or "")
    enclosure_type, enclosure = _enclosure(entry)
    kind = _kind(link, enclosure_type)
    seconds = _seconds(str(entry.get("itunes_duration") or "")) or _media_seconds(entry)
    content = next((str(part.get("value") or "") for part in entry.get("content", ())), "")
    summary = str(entry.get("summary") or "")
    return {
        "external_id": _identifier(str(entry.get("id") or link or enclosure)),
        "title": entry.get("title"),
        "kind": kind,
        "summary": _shortened(html_to_text(summary or content)),
        "description": content or summary,
        "url": link or enclosure,
        "minutes": max(1, -(-seconds // 60)) if seconds else None,
        "topics": [str(tag.get("term") or "")[:300] for tag in entry.get("tags", ())[:50]],
        "language": _language(str(feed.get("language") or "")),
        "access_features": ["transcript"] if entry.get("podcast_transcript") else [],
        "provider": html_to_text(str(feed.get("title") or ""))[:200],
        "published": _published(entry),
        "licence": html_to_text(str(entry.get("license") or feed.get("license") or feed.get("rights") or ""))[:300],
        "attribution": html_to_text(str(entry.get("author") or feed.get("author") or ""))[:1000],
        "source": source[:300],
    }


def _enclosure(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Return the media type and address of the first audio or video the entry carries."""
    media = [*entry.get("enclosures", ()), *entry.get("media_content", ())]
    for one in media:
        media_type = str(one.get("type") or one.get("medium") or "")
        if media_type.startswith(("audio", "video")):
            return media_type, str(one.get("href") or one.get("url") or "")
    return "", ""


def _kind(link: str, media_type: str) -> str:
    if media_type.startswith("audio"):
        return "podcast"
    return "video" if media_type.startswith("video") or _VIDEO_HOSTS.match(link) else "article"


def _identifier(written: str) -> str:
    """Return the guid as it is, or a name-based UUID of one too long to keep."""
    return written if len(written) <= 200 else uuid.uuid5(uuid.NAMESPACE_URL, written).urn


def _seconds(written: str) -> int:
    """Return the seconds of `3600`, `59:30` or `1:02:03`; 0 for anything else."""
    if not re.fullmatch(r"[0-9]{1,6}(?::[0-9]{1,2}){0,2}(?:\.[0-9]{1,6})?", written.strip(), re.ASCII):
        return 0
    seconds = 0
    for part in written.strip().partition(".")[0].split(":"):
        seconds = seconds * 60 + int(part)
    return seconds


def _media_seconds(entry: Mapping[str, Any]) -> int:
    return next(filter(None, (_seconds(str(one.get("duration") or "")) for one in entry.get("media_content", ()))), 0)


def _language(written: str) -> str:
    return written if re.fullmatch(r"[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8}){0,3}", written) else ""


def _published(entry: Mapping[str, Any]) -> str:
    moment = next((entry[key] for key in ("published_parsed", "updated_parsed") if key in entry), None)
    return f"{moment[0]:04d}-{moment[1]:02d}-{moment[2]:02d}" if moment else ""


def _shortened(text: str) -> str:
    return text if len(text) <= 500 else text[:500].rsplit(" ", 1)[0] + "…"


def read_opml(data: bytes) -> tuple[FeedAddress, ...]:
    """Return the feeds an OPML list names, each once, with its folder; addresses that are not http(s) are left out."""
    if len(data) > MAX_FEED_BYTES:
        raise Unreadable(f"the list is {len(data):,} bytes; at most {MAX_FEED_BYTES:,} are read")
    try:
        root = defusedxml.ElementTree.fromstring(data, forbid_dtd=True)
    except (DefusedXmlException, defusedxml.ElementTree.ParseError, ValueError, LookupError) as error:
        raise Unreadable(f"not an OPML list: {error}") from error
    if root.tag != "opml":
        raise Unreadable("not an OPML list")
    return tuple({address.feed_url: address for address in _addresses(root)}.values())


def _addresses(root: Any) -> Iterator[FeedAddress]:
    stack = [(outline, "") for body in root.iter("body") for outline in reversed(body.findall("outline"))]
    while stack:
        outline, folder = stack.pop()
        title = outline.get("title") or outline.get("text") or ""
        feed_url = outline.get("xmlUrl") or ""
        if feed_url.lower().startswith(("https://", "http://")):
            yield FeedAddress(title, feed_url, outline.get("htmlUrl") or "", folder)
        stack.extend((child, title) for child in reversed(outline.findall("outline")))


def is_opml(data: bytes) -> bool:
    """Say whether the start of a file is that of an OPML list."""
    return "<opml" in decode(data[:4096]).content
